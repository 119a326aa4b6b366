import { z } from 'zod'

/** Container and codec families Talktrack plays and measures. Decided by content, never by name. */
export const AudioFormat = z.enum(['wav', 'mp3', 'ogg', 'm4a', 'flac', 'webm'])
export type AudioFormat = z.infer<typeof AudioFormat>

/** What a recording file turns out to be. `durationSeconds` is measured on the decoded samples once peaks exist. */
export const AudioProbe = z.object({
  format: AudioFormat,
  /** Such as `pcm`, `mulaw`, `alaw`, `mp3`, `opus`, `vorbis`, `aac`, `flac`. */
  codec: z.string(),
  mimeType: z.string(),
  channels: z.int().positive(),
  sampleRateHz: z.int().positive(),
  durationSeconds: z.number().nonnegative(),
})
export type AudioProbe = z.infer<typeof AudioProbe>

/** Points per second of the stored zoom levels, coarse to fine. */
export const PEAK_LEVELS = [1, 10, 50] as const

/**
 * One zoom level: `channels` rows of equal length, one after the other; each byte is the loudest
 * absolute sample of its slice, 0 (silence) to 255 (full scale).
 */
export type PeakLevel = { pointsPerSecond: number; channels: number; bytes: Uint8Array }
