import type { Stretch } from '#contract/conversation.ts'
import type { ChannelSpeech, RecordingSpeech } from '#contract/recording-speech.ts'
import type { Segment, Speaker } from '#contract/transcript.ts'
import { clearerChannel } from './clearer-channel.ts'

/** Speech that agrees with a transcript by less than this may do so by chance. */
const LEAST_AGREEMENT_SECONDS = 0.5

/** Where the agent is heard to speak when it should. Estimated times are left out: they would agree with either channel. */
export function channelBySpeech(
  segments: readonly Segment[],
  { channels, areChannelsSeparable }: RecordingSpeech,
): 0 | 1 | null {
  const [first, second] = channels
  if (!areChannelsSeparable || !first || !second) return null
  const agent = givenStretches('agent', segments)
  const caller = givenStretches('caller', segments)
  const onFirst = sharedSeconds(agent, first) + sharedSeconds(caller, second)
  const onSecond = sharedSeconds(agent, second) + sharedSeconds(caller, first)
  if (Math.max(onFirst, onSecond) < LEAST_AGREEMENT_SECONDS) return null
  return clearerChannel(onFirst, onSecond)
}

function givenStretches(speaker: Speaker, segments: readonly Segment[]): Stretch[] {
  return segments.flatMap((segment) => {
    if (segment.kind !== 'speech' || segment.speaker !== speaker || segment.timing !== 'given') {
      return []
    }
    const { startSeconds, endSeconds } = segment
    return startSeconds === null || endSeconds === null ? [] : [{ startSeconds, endSeconds }]
  })
}

/** How much of `expected` (in any order) is heard as speech. */
function sharedSeconds(expected: readonly Stretch[], { stretches }: ChannelSpeech): number {
  const sorted = expected.toSorted((a, b) => a.startSeconds - b.startSeconds)
  let seconds = 0
  let next = 0
  for (const { startSeconds, endSeconds } of sorted) {
    while ((stretches[next]?.endSeconds ?? Number.POSITIVE_INFINITY) <= startSeconds) next++
    for (let at = next; ; at++) {
      const heard = stretches[at]
      if (!heard || heard.startSeconds >= endSeconds) break
      seconds += Math.min(endSeconds, heard.endSeconds) - Math.max(startSeconds, heard.startSeconds)
    }
  }
  return seconds
}
