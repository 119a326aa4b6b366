import type { PeakLevel } from '#contract/recording.ts'
import type { RecordingSpeech } from '#contract/recording-speech.ts'
import type { Segment } from '#contract/transcript.ts'
import { channelByLoudness } from './channel-by-loudness.ts'
import { channelBySpeech } from './channel-by-speech.ts'

/** What decided who is who, of a call whose speakers were swapped by its channels. */
export const CHANNEL_RULE = 'the channel of the stereo recording'

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
