import { createReadStream } from 'node:fs'
import { decodeChunked } from 'audio-decode'
import type { AudioProbe } from '#contract/recording.ts'
import type { AudioChunk } from './audio-chunk.ts'
import { decodeM4a } from './m4a-samples.ts'
import { toUnreadable } from './to-unreadable.ts'
import { UnreadableAudio } from './unreadable-audio.ts'
import { decodeWav } from './wav-samples.ts'

export type DecodeInput = { path: string; probe: AudioProbe }

type StreamFormat = Parameters<typeof decodeChunked>[1]

/** audio-decode's names by `format/codec`; wav and m4a have decoders of their own here. */
const STREAM_FORMATS: Readonly<Record<string, StreamFormat>> = {
  'mp3/mp3': 'mp3',
  'ogg/opus': 'opus',
  'ogg/vorbis': 'oga',
  'flac/flac': 'flac',
  'webm/opus': 'webm',
  'webm/vorbis': 'webm',
}

// Silence can be a thousand times smaller than its samples, and a whole read is decoded at once.
const READ_BYTES = 16 * 1024

/** Whether `decodeAudio` can turn this codec in this container into samples. */
export function canDecode({ format, codec }: Pick<AudioProbe, 'format' | 'codec'>): boolean {
  if (format === 'wav') return true
  return format === 'm4a' ? codec === 'aac' : `${format}/${codec}` in STREAM_FORMATS
}

/**
 * All samples of a recording in order, bounded in memory, on the clock that a browser plays it by:
 * encoder delay and padding are left out. As many channels as `probe.channels`; the arrays of a chunk
 * may be overwritten by the next one. Throws UnreadableAudio for damage, also after some chunks.
 */
export async function* decodeAudio({ path, probe }: DecodeInput): AsyncGenerator<AudioChunk> {
  try {
    for await (const { channelData, sampleRateHz } of chunksOf({ path, probe })) {
      yield { channelData: withChannels(channelData, probe.channels), sampleRateHz }
    }
  } catch (error) {
    throw toUnreadable(error, probe.format)
  }
}

function chunksOf({ path, probe }: DecodeInput): AsyncGenerator<AudioChunk> {
  if (probe.format === 'wav') return decodeWav(path)
  if (probe.format === 'm4a') return decodeM4a(path)
  return decodeStream(path, probe)
}

async function* decodeStream(path: string, probe: AudioProbe): AsyncGenerator<AudioChunk> {
  const name = STREAM_FORMATS[`${probe.format}/${probe.codec}`]
  if (!name) {
    throw new UnreadableAudio({ expected: 'a codec that is known here', found: probe.codec })
  }
  const bytes = createReadStream(path, { highWaterMark: READ_BYTES })
  for await (const { channelData, sampleRate } of decodeChunked(bytes, name)) {
    yield { channelData, sampleRateHz: sampleRate }
  }
}

/** Some decoders give one channel for as long as both are equal, and two for mono. */
function withChannels(given: readonly Float32Array[], channels: number): readonly Float32Array[] {
  const last = given.at(-1)
  if (given.length === channels || !last) return given
  return Array.from({ length: channels }, (_, channel) => given[channel] ?? last)
}
