import { createReadStream } from 'node:fs'
import { decodeChunked } from 'audio-decode'
import type { AudioChunk } from './audio-chunk.ts'
import { hiddenSeconds, type M4aIndex, moveChunks, readM4aIndex } from './m4a-index.ts'

const READ_BYTES = 16 * 1024

// FAAD2 gives nothing for the first packet, which has 1024 frames.
// Source: measured; audio-decode counts on it as well when it applies an edit list.
const WITHHELD_FRAMES = 1024

/**
 * All samples of the AAC track of an MP4 file, in order and bounded in memory wherever its index is.
 * Frame 0 is presentation time 0: what the edit list hides (the encoder's priming) is left out, and
 * where it hides less than the decoder withholds, silence stands for the difference.
 */
export async function* decodeM4a(path: string): AsyncGenerator<AudioChunk> {
  const index = await readM4aIndex(path)
  const hidden = hiddenSeconds(index)
  let isFirst = true
  for await (const { channelData, sampleRate } of decodeChunked(indexFirst(path, index), 'm4a')) {
    const chunk = { channelData, sampleRateHz: sampleRate }
    const missing = WITHHELD_FRAMES - Math.round(hidden * sampleRate)
    if (isFirst && missing > 0) yield silenceLike(chunk, missing)
    isFirst = false
    yield chunk
  }
}

/**
 * The file's bytes for a decoder that reads from front to back and would otherwise keep all samples
 * until the index comes. Moving the index to the front moves what was before it, by its own size.
 */
async function* indexFirst(path: string, index: M4aIndex): AsyncGenerator<Uint8Array> {
  const { bytes, offset, isBehindSamples, fileBytes } = index
  if (!isBehindSamples) {
    yield* createReadStream(path, { highWaterMark: READ_BYTES })
    return
  }
  moveChunks(index, { before: offset, by: bytes.length })
  yield bytes
  yield* createReadStream(path, { highWaterMark: READ_BYTES, end: offset - 1 })
  const start = offset + bytes.length
  if (start < fileBytes) yield* createReadStream(path, { highWaterMark: READ_BYTES, start })
}

function silenceLike({ channelData, sampleRateHz }: AudioChunk, frames: number): AudioChunk {
  return { channelData: channelData.map(() => new Float32Array(frames)), sampleRateHz }
}
