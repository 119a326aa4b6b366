import { z } from 'zod'
import type { Stretch } from './conversation.ts'

const SpeechStretch: z.ZodType<Stretch> = z.object({
  startSeconds: z.number().nonnegative(),
  endSeconds: z.number().nonnegative(),
})

/** What was heard on one channel. Seconds to the millisecond, levels to a tenth of a decibel. */
export const ChannelSpeech = z.object({
  /** When someone speaks, by start and apart from each other; nothing is added around them. */
  stretches: z.array(SpeechStretch),
  /** The mean pitch of the voice; null where too little of it is voiced clearly. */
  meanPitchHz: z.number().positive().nullable(),
  /** Root mean square of the speech, where a square wave at full scale has 0; null without speech. */
  speechLevelDbfs: z.number().nullable(),
  /** Root mean square of everything else, never below -96; null where the speech leaves nothing. */
  noiseLevelDbfs: z.number().nullable(),
  /** Part of all samples, 0 to 1, that stand at full scale three or more in a row. */
  clippedShare: z.number().min(0).max(1),
})
export type ChannelSpeech = z.infer<typeof ChannelSpeech>

/** Who speaks when in a recording, by its sound alone. */
export const RecordingSpeech = z.object({
  /** What told speech from noise, such as `silero-v6`; `energy` is loudness alone, `none` is nothing at all. */
  engine: z.string(),
  durationSeconds: z.number().nonnegative(),
  channels: z.array(ChannelSpeech).min(1).max(2),
  /** Two channels with speech on each that are not (nearly) the same sound: the channel tells the speaker. */
  areChannelsSeparable: z.boolean(),
})
export type RecordingSpeech = z.infer<typeof RecordingSpeech>
