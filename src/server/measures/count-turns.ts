import { timedSpeech } from '#contract/conversation.ts'
import type { Segment, Speaker } from '#contract/transcript.ts'

/**
 * How many turns someone has: speech without a word of the other in between is one. By the transcript's order, which
 * is the reading order; of sound, which has none, by start.
 */
export function countTurns(
  segments: readonly Segment[],
  { speaker, isBySound }: { speaker: Speaker | 'both'; isBySound: boolean },
): number {
  let last: Speaker | null = null
  let count = 0
  for (const segment of isBySound ? timedSpeech(segments) : segments) {
    if (segment.kind !== 'speech') continue
    if (segment.speaker !== last && (speaker === 'both' || segment.speaker === speaker)) count++
    last = segment.speaker
  }
  return count
}
