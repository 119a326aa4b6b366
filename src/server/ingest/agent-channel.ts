import type { Stretch } from '#contract/conversation.ts'
import type { PeakLevel } from '#contract/recording.ts'
import type { ChannelSpeech, RecordingSpeech } from '#contract/recording-speech.ts'
import type { Segment, Speaker } from '#contract/transcript.ts'

/** One way round must agree with the transcript better than the other by this factor to count. */
const CLEAR_FACTOR = 1.5

/** Speech that agrees with a transcript by less than this may do so by chance. */
const LEAST_AGREEMENT_SECONDS = 0.5

export type HeardChannels = {
  /** Null before the recording was listened to. */
  speech: RecordingSpeech | null
  /** The zoom level to compare by loudness, where the speech does not tell. */
  level: PeakLevel | undefined
}

/**
 * The channel on which the agent speaks, by comparing who should speak with where speech is heard; where no speech
 * tells, with where it is loud. Null for mono, without times, or where the two channels do not tell the speakers
 * apart (a dual-mono file).
 */
export function detectAgentChannel(
  segments: readonly Segment[],
  { speech, level }: HeardChannels,
): 0 | 1 | null {
  return (speech && channelBySpeech(segments, speech)) ?? channelByLoudness(segments, level)
}

/** Estimated times are left out: they would agree with either channel. */
function channelBySpeech(
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
  if (onFirst > onSecond * CLEAR_FACTOR) return 0
  if (onSecond > onFirst * CLEAR_FACTOR) return 1
  return null
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

function channelByLoudness(
  segments: readonly Segment[],
  level: PeakLevel | undefined,
): 0 | 1 | null {
  if (level?.channels !== 2) return null
  const agent = loudnessWhile('agent', segments, level)
  const caller = loudnessWhile('caller', segments, level)
  const onFirst = (agent[0] + 1) * (caller[1] + 1)
  const onSecond = (agent[1] + 1) * (caller[0] + 1)
  if (onFirst > onSecond * CLEAR_FACTOR) return 0
  if (onSecond > onFirst * CLEAR_FACTOR) return 1
  return null
}

/** The mean peak per channel, 0..255, over the time in which a speaker's segments say they speak. */
function loudnessWhile(
  speaker: Speaker,
  segments: readonly Segment[],
  { bytes, pointsPerSecond }: PeakLevel,
): [number, number] {
  const points = bytes.length / 2
  const sum: [number, number] = [0, 0]
  let count = 0
  for (const segment of segments) {
    if (segment.kind !== 'speech' || segment.speaker !== speaker) continue
    if (segment.startSeconds === null || segment.endSeconds === null) continue
    const first = Math.max(0, Math.floor(segment.startSeconds * pointsPerSecond))
    const last = Math.min(points, Math.ceil(segment.endSeconds * pointsPerSecond))
    for (let point = first; point < last; point++) {
      sum[0] += bytes[point] ?? 0
      sum[1] += bytes[points + point] ?? 0
      count++
    }
  }
  return count === 0 ? [0, 0] : [sum[0] / count, sum[1] / count]
}

/** What is known of a call's speakers before its recording is looked at. */
export type ToldSpeakers = {
  segments: readonly Segment[]
  mainAgentChannelIndex: 0 | 1 | null
  speakerRule: string | null
}

/**
 * The channel of the agent in a stereo recording. The sender's word counts most; else the ear. Where the sender named
 * the channel and the transcript only guessed its speakers, a contradiction means that the guess was wrong
 * (docs/wire.md B10, rule 1): they are to be swapped.
 */
export function decideAgentChannel(
  { segments, mainAgentChannelIndex, speakerRule }: ToldSpeakers,
  heardChannels: HeardChannels,
): { agentChannel: 0 | 1 | null; isSwapped: boolean } {
  const heard = detectAgentChannel(segments, heardChannels)
  if (mainAgentChannelIndex === null) return { agentChannel: heard, isSwapped: false }
  const isSwapped = speakerRule !== null && heard !== null && heard !== mainAgentChannelIndex
  return { agentChannel: mainAgentChannelIndex, isSwapped }
}
