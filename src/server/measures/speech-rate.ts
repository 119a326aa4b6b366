import {
  countWords,
  hasGivenEnd,
  lengthSeconds,
  type Stretch,
  type TimedSpeech,
  takesTime,
  timedSpeech,
  totalLength,
} from '#contract/conversation.ts'
import { answeredYesNo, type Finding, scored, skipped } from '#contract/metric-result.ts'
import type { Segment, SpeechSegment } from '#contract/transcript.ts'
import { at, basisWords, counted, evidenceOf, first, inSeconds, rounded } from './evidence.ts'
import { interpolatedPercentile } from './interpolated-percentile.ts'
import type { PreparedCall } from './prepare-call.ts'
import { firstEndingAfter } from './run-at.ts'

/** A turn that is this much faster or slower than usual is heard as a jump. */
const ABRUPT_FACTOR = 1.6
/** The pace of "Yes, of course." says nothing. */
const SHORTEST_TURN_WORDS = 10
const SHORTEST_TURN_SECONDS = 1
const FEWEST_TURNS = 3

/** The agent's part of the call, 0 to 1. Source: Cekura's metric catalogue, Talk Ratio. */
export function measureTalkRatio({ talk }: PreparedCall): Finding {
  const { isWhole, missing, basis, runs, totalSeconds } = talk
  if (!isWhole) return skipped('no-input', missing)
  if (totalSeconds <= 0) return skipped('no-input', 'The length of the call is not known.')
  const inCall = { startSeconds: 0, endSeconds: totalSeconds }
  const spokenSeconds = secondsWithin(inCall, runs.agent)
  return scored({
    score: rounded(spokenSeconds / totalSeconds, 4),
    basis,
    explanation: `The agent speaks for ${inSeconds(spokenSeconds)} of ${inSeconds(totalSeconds)}, the caller for ${inSeconds(secondsWithin(inCall, runs.caller))}. ${basisWords(basis)}`,
  })
}

/** Words of the agent by the minutes in which it speaks. Source: Cekura's metric catalogue, Words Per Minute. */
export function measureWordsPerMinute({ segments, talk }: PreparedCall): Finding {
  const { basis, missing, runs } = talk
  const spoken = agentSpeech(segments)
  if (spoken.length === 0) return skipped('no-input', 'The transcript has no words of the agent.')
  const counts = basis === 'audio' ? spoken : spoken.filter(hasTimes)
  const words = counts.reduce((sum, { text }) => sum + countWords(text), 0)
  const seconds = totalLength(runs.agent)
  if (seconds <= 0) return skipped('no-input', missing)
  return scored({
    score: rounded((words / seconds) * 60, 1),
    basis,
    explanation: `The agent says ${counted(words, 'word')} in ${inSeconds(seconds)} of speaking. ${basisWords(basis)}`,
  })
}

type PacedTurn = { segmentIndex: number; startSeconds: number; wordsPerMinute: number }

/** No where the pace of a turn is far from the median of the agent's turns. */
export function checkSpeakingRate({ segments, talk }: PreparedCall): Finding {
  const turns = pacedTurns(segments, talk.basis === 'audio' ? talk.runs.agent : null)
  if (turns.length < FEWEST_TURNS) {
    const needed = `${FEWEST_TURNS} turns of the agent with times and ${SHORTEST_TURN_WORDS} words`
    return skipped('no-input', `The call has less than ${needed}.`)
  }
  const usual = interpolatedPercentile(
    turns.map(({ wordsPerMinute }) => wordsPerMinute),
    50,
  )
  const factorOf = ({ wordsPerMinute }: PacedTurn) =>
    Math.max(wordsPerMinute / usual, usual / wordsPerMinute)
  const byFactor = turns.toSorted((a, b) => factorOf(b) - factorOf(a))
  const abrupt = byFactor.filter((turn) => factorOf(turn) >= ABRUPT_FACTOR)
  const [oddest] = byFactor
  const odd = oddest
    ? ` The turn farthest from it has ${Math.round(oddest.wordsPerMinute)} ${at(oddest.startSeconds)}.`
    : ''
  return answeredYesNo(abrupt.length === 0, {
    basis: talk.basis,
    explanation: `The agent usually speaks ${Math.round(usual)} words per minute.${odd} ${basisWords(talk.basis)}`,
    evidence: first(abrupt).map(({ segmentIndex, wordsPerMinute }) => {
      const note = `${Math.round(wordsPerMinute)} words per minute`
      return evidenceOf(segments, { segmentIndex, note })
    }),
  })
}

/** Turns that are long enough to have a pace. Where the sound is known, pauses within a turn do not count. */
function pacedTurns(segments: readonly Segment[], heard: readonly Stretch[] | null): PacedTurn[] {
  return segments.flatMap((segment, segmentIndex) => {
    if (segment.kind !== 'speech' || segment.speaker !== 'agent' || !hasTimes(segment)) return []
    const seconds = heard ? secondsWithin(segment, heard) : lengthSeconds(segment)
    const words = countWords(segment.text)
    if (words < SHORTEST_TURN_WORDS || seconds < SHORTEST_TURN_SECONDS) return []
    const wordsPerMinute = (words / seconds) * 60
    return [{ segmentIndex, startSeconds: segment.startSeconds, wordsPerMinute }]
  })
}

/** What the agent was heard to say: text that was never spoken takes no time. */
function agentSpeech(segments: readonly Segment[]): SpeechSegment[] {
  const unheard = new Set<Segment>(timedSpeech(segments).filter((speech) => !takesTime(speech)))
  return segments.filter(
    (segment): segment is SpeechSegment =>
      segment.kind === 'speech' && segment.speaker === 'agent' && !unheard.has(segment),
  )
}

function hasTimes(segment: SpeechSegment): segment is TimedSpeech {
  const [speech] = timedSpeech([segment])
  return speech !== undefined && hasGivenEnd(speech)
}

/** Takes runs by start and apart from each other. */
function secondsWithin({ startSeconds, endSeconds }: Stretch, runs: readonly Stretch[]): number {
  let seconds = 0
  for (let index = firstEndingAfter(runs, startSeconds); index < runs.length; index++) {
    const run = runs[index]
    if (!run || run.startSeconds >= endSeconds) break
    seconds += lengthSeconds({
      startSeconds: Math.max(run.startSeconds, startSeconds),
      endSeconds: Math.min(run.endSeconds, endSeconds),
    })
  }
  return seconds
}
