import type { ResultExtra, Verdict } from '#contract/metric-result.ts'

/** From the end of the caller's words to the agent's; seconds of the recording, and the wait in ms. */
export type LatencyTurn = NonNullable<ResultExtra['turns']>[number]

/** A turn on the chart: places from 0 (left, bottom) to 1, and the part of the width that belongs to it. */
export type LatencyPoint = LatencyTurn & {
  x: number
  y: number
  from: number
  to: number
  isSlow: boolean
}

export type LatencyPlot = {
  points: LatencyPoint[]
  meanMs: number
  /** A reply after this long is slow. */
  budgetMs: number
  /** The value at the upper edge: the line of slow replies is always below it. */
  topMs: number
}

/** Of all results, the turns of the one that has any, by start; empty without. */
export function latencyTurns(verdicts: readonly Verdict[]): LatencyTurn[] {
  const turns = verdicts.find(({ extra }) => extra.turns?.length)?.extra.turns ?? []
  return turns.toSorted((a, b) => a.startSeconds - b.startSeconds)
}

export type LatencyScale = { durationSeconds: number; budgetMs: number }

/** Places turns (by start, at least one) on a time axis as long as the recording. */
export function plotLatency(
  turns: readonly LatencyTurn[],
  { durationSeconds, budgetMs }: LatencyScale,
): LatencyPlot {
  const end = Math.max(durationSeconds, turns.at(-1)?.startSeconds ?? 0, 1)
  const values = turns.map(({ valueMs }) => Math.max(0, valueMs))
  const topMs = Math.max(budgetMs * 1.25, Math.max(...values) * 1.1)
  const xs = turns.map(({ startSeconds }) => startSeconds / end)
  const points = turns.map((turn, i) => ({
    ...turn,
    x: xs[i] ?? 0,
    y: (values[i] ?? 0) / topMs,
    from: i === 0 ? 0 : middle(xs[i - 1], xs[i]),
    to: i === turns.length - 1 ? 1 : middle(xs[i], xs[i + 1]),
    isSlow: turn.valueMs > budgetMs,
  }))
  const meanMs = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
  return { points, meanMs, budgetMs, topMs }
}

function middle(a = 0, b = 0): number {
  return (a + b) / 2
}

/** The turn that `seconds` lies in: from the end of the caller's words to the next such end; -1 before the first. */
export function turnAt(turns: readonly LatencyTurn[], seconds: number): number {
  return turns.findLastIndex(({ startSeconds }) => startSeconds <= seconds + SAME_PLACE_SECONDS)
}

/** A seek may land a few milliseconds beside its target. */
const SAME_PLACE_SECONDS = 0.05
