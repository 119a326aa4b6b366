import { type Interruptions, interruptionsBy, lengthSeconds } from '#contract/conversation.ts'
import { type Evidence, type Finding, scored, skipped } from '#contract/metric-result.ts'
import type { Segment, Speaker } from '#contract/transcript.ts'
import { countTurns } from './count-turns.ts'
import {
  at,
  basisWords,
  counted,
  evidenceAt,
  evidenceOf,
  first,
  inSeconds,
  longest,
  rounded,
} from './evidence.ts'
import type { PreparedCall } from './prepare-call.ts'
import { runAt } from './run-at.ts'

/** How often the agent cuts in. Source: Cekura's metric catalogue, AI Interrupting User. */
export function countAgentInterruptions(call: PreparedCall): Finding {
  return countedInterruptions(call, 'agent')
}

/** How often the caller cuts in. Source: Cekura's metric catalogue, User Interrupting AI. */
export function countCallerInterruptions(call: PreparedCall): Finding {
  return countedInterruptions(call, 'caller')
}

/** `5 · (1 - interruptions / turns)` of the agent, 0 to 5. Source: Cekura's metric catalogue, Interruption Score. */
export function scoreInterruptions(call: PreparedCall): Finding {
  const { talk } = call
  const found = interruptionsOf(call, 'agent')
  const turns = countTurns(talk.segments, { speaker: 'agent', isBySound: talk.basis === 'audio' })
  if (found === null) return skipped('no-input', talk.missing)
  if (turns === 0) return skipped('no-input', 'The agent never speaks.')
  const score = Math.min(Math.max(5 * (1 - found.count / turns), 0), 5)
  return scored({
    score: rounded(score, 2),
    basis: talk.basis,
    explanation: `The agent cuts in ${times(found.count)} in ${counted(turns, 'turn')}${moments(found)}. ${basisWords(talk.basis)}`,
    evidence: evidenceFor(call.segments, { ...found, speaker: 'agent' }),
  })
}

/** Mean ms from the caller cutting in to the agent's silence. Source: Cekura's metric catalogue, Stop Time. */
export function measureStopTime({ segments, talk }: PreparedCall): Finding {
  if (!talk.isWhole) return skipped('no-input', talk.missing)
  const stops = talk.overlaps.flatMap(({ startedBy, startSeconds }) => {
    const run = startedBy === 'caller' ? runAt(talk.runs.agent, startSeconds) : undefined
    return run ? [{ startSeconds, endSeconds: run.endSeconds }] : []
  })
  if (stops.length === 0) return skipped('no-input', 'The caller never cuts in.')
  const meanSeconds = stops.reduce((sum, stop) => sum + lengthSeconds(stop), 0) / stops.length
  const slowest = longest(stops)
  const worst = slowest[0]
  const longestWords = worst
    ? ` The longest, ${inSeconds(lengthSeconds(worst))}, begins at ${at(worst.startSeconds)}.`
    : ''
  return scored({
    score: Math.round(meanSeconds * 1000),
    basis: talk.basis,
    explanation: `Mean of ${counted(stops.length, 'interruption')} by the caller.${longestWords} ${basisWords(talk.basis)}`,
    evidence: slowest.map((stop) => {
      const note = `the agent goes on for ${Math.round(lengthSeconds(stop) * 1000)} ms`
      return evidenceAt(segments, { ...stop, speaker: 'caller', note })
    }),
  })
}

function countedInterruptions(call: PreparedCall, speaker: Speaker): Finding {
  const { basis, missing } = call.talk
  const found = interruptionsOf(call, speaker)
  if (found === null) return skipped('no-input', missing)
  return scored({
    score: found.count,
    basis,
    explanation: `The ${speaker} cuts in ${times(found.count)}${moments(found)}. ${basisWords(basis)}`,
    evidence: evidenceFor(call.segments, { ...found, speaker }),
  })
}

function interruptionsOf({ talk }: PreparedCall, speaker: Speaker): Interruptions | null {
  return interruptionsBy(talk.segments, {
    speaker,
    found: talk.overlaps,
    hasTimes: talk.isWhole,
  })
}

function evidenceFor(
  segments: readonly Segment[],
  { heard, marked, speaker }: Interruptions & { speaker: Speaker },
): Evidence[] {
  const overlapping = longest(heard).map((overlap) => {
    const note = `both speak for ${inSeconds(lengthSeconds(overlap))}`
    return evidenceAt(segments, { ...overlap, speaker, note })
  })
  const cutOff = first(marked).map((segment) => {
    const note = 'the sender marks it as cut off'
    return evidenceOf(segments, { segmentIndex: segments.indexOf(segment), note })
  })
  return first([...overlapping, ...cutOff])
}

function times(count: number): string {
  if (count === 0) return 'at no time'
  return count === 1 ? 'once' : `${count} times`
}

/** The first moments: ` (00:12) (01:03)`; empty without any. */
function moments({ heard, marked }: Interruptions): string {
  const starts = first([...heard, ...marked]).flatMap(({ startSeconds }) => startSeconds ?? [])
  return starts.map((seconds) => ` ${at(seconds)}`).join('')
}
