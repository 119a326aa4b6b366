import type { MetricStatistics } from '#contract/metric.ts'

export type Day = MetricStatistics['days'][number]

const DAY_MS = 86_400_000

/** One entry per UTC day of the window, oldest first and today last; days without results have none to show. */
export function fillDays(
  days: readonly Day[],
  { now, windowDays }: { now: Date; windowDays: number },
): Day[] {
  const known = new Map(days.map((day) => [day.day, day]))
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate())
  return Array.from({ length: windowDays }, (_, index) => {
    const day = new Date(today - (windowDays - 1 - index) * DAY_MS).toISOString().slice(0, 10)
    return known.get(day) ?? { day, count: 0, passedCount: 0, failedCount: 0, mean: null }
  })
}

/** Of those that passed or failed; null without any. */
export function dayPassRate({ passedCount, failedCount }: Day): number | null {
  const decided = passedCount + failedCount
  return decided === 0 ? null : passedCount / decided
}

export type Point = { index: number; value: number }

/** Runs of neighbouring days that have a value: a line is drawn through each, and none across a gap. */
export function toRuns(values: readonly (number | null)[]): Point[][] {
  const runs: Point[][] = []
  let isOpen = false
  for (const [index, value] of values.entries()) {
    if (value === null) {
      isOpen = false
      continue
    }
    if (isOpen) runs.at(-1)?.push({ index, value })
    else runs.push([{ index, value }])
    isOpen = true
  }
  return runs
}
