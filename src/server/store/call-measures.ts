import { measureConversation } from '#contract/conversation.ts'
import type { Segment } from '#contract/transcript.ts'

type Measure = number | null

/** The columns of the call row that its transcript gives. */
export type CallMeasures = {
  segment_count: number
  longest_gap_ms: Measure
  overlap_count: Measure
  interruption_count: Measure
  silence_share: Measure
  talk_share: Measure
  words_per_minute: Measure
  tool_error_count: number
}

/** Shares with four decimals, words per minute with one: more is noise that a filter's `eq` would trip over. */
export function measureCall(segments: readonly Segment[], durationMs: number | null): CallMeasures {
  const durationSeconds = durationMs === null ? null : durationMs / 1000
  const measures = measureConversation(segments, durationSeconds)
  return {
    segment_count: measures.segmentCount,
    longest_gap_ms: rounded(measures.longestGapSeconds, { factor: 1000, decimals: 0 }),
    overlap_count: measures.overlapCount,
    interruption_count: measures.interruptionCount,
    silence_share: rounded(measures.silenceShare, { factor: 1, decimals: 4 }),
    talk_share: rounded(measures.talkShare, { factor: 1, decimals: 4 }),
    words_per_minute: rounded(measures.wordsPerMinute, { factor: 1, decimals: 1 }),
    tool_error_count: measures.toolErrorCount,
  }
}

function rounded(
  value: number | null,
  { factor, decimals }: { factor: number; decimals: number },
): Measure {
  return value === null ? null : Number((value * factor).toFixed(decimals))
}
