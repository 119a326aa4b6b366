import { open } from 'node:fs/promises'
import type { AudioChunk } from './audio-chunk.ts'
import { ALAW_SAMPLES, MULAW_SAMPLES } from './g711.ts'
import { readWavHeader, type WavHeader } from './wav-header.ts'

const READ_BYTES = 256 * 1024

type ReadSample = (bytes: DataView, offset: number) => number

/**
 * All samples of a wav file in order. The arrays of a chunk are overwritten by the next one: copy
 * what has to last. Throws UnreadableAudio as `readWavHeader` does; a file that gets shorter
 * meanwhile ends early.
 */
export async function* decodeWav(path: string): AsyncGenerator<AudioChunk> {
  const header = await readWavHeader(path)
  const { channels, sampleRateHz, bytesPerSample, dataOffset, dataBytes } = header
  const frameBytes = channels * bytesPerSample
  const framesPerRead = Math.max(1, Math.floor(READ_BYTES / frameBytes))
  const raw = Buffer.alloc(framesPerRead * frameBytes)
  const planes = Array.from({ length: channels }, () => new Float32Array(framesPerRead))
  const readSample = sampleReader(header)

  const file = await open(path)
  try {
    for (let done = 0; done < dataBytes; ) {
      const wanted = Math.min(raw.length, dataBytes - done)
      const { bytesRead } = await file.read(raw, 0, wanted, dataOffset + done)
      const frames = Math.floor(bytesRead / frameBytes)
      if (frames === 0) return
      spread({ raw, planes, frames, bytesPerSample, readSample })
      yield { channelData: planes.map((plane) => plane.subarray(0, frames)), sampleRateHz }
      done += frames * frameBytes
    }
  } finally {
    await file.close()
  }
}

type SpreadInput = {
  raw: Buffer
  planes: readonly Float32Array[]
  frames: number
  bytesPerSample: number
  readSample: ReadSample
}

function spread({ raw, planes, frames, bytesPerSample, readSample }: SpreadInput): void {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  const frameBytes = planes.length * bytesPerSample
  for (const [channel, plane] of planes.entries()) {
    let offset = channel * bytesPerSample
    for (let frame = 0; frame < frames; frame++) {
      plane[frame] = readSample(view, offset)
      offset += frameBytes
    }
  }
}

function sampleReader({ encoding, bytesPerSample }: WavHeader): ReadSample {
  switch (encoding) {
    case 'mulaw':
      return (bytes, at) => MULAW_SAMPLES[bytes.getUint8(at)] ?? 0
    case 'alaw':
      return (bytes, at) => ALAW_SAMPLES[bytes.getUint8(at)] ?? 0
    case 'float':
      return bytesPerSample === 8
        ? (bytes, at) => bytes.getFloat64(at, true)
        : (bytes, at) => bytes.getFloat32(at, true)
    case 'integer':
      return integerReader(bytesPerSample)
    default:
      return encoding satisfies never
  }
}

function integerReader(bytesPerSample: number): ReadSample {
  switch (bytesPerSample) {
    case 1:
      // Alone among the widths 8 bits are unsigned, with silence at 128.
      return (bytes, at) => (bytes.getUint8(at) - 128) / 128
    case 2:
      return (bytes, at) => bytes.getInt16(at, true) / 32_768
    case 3:
      return (bytes, at) => (bytes.getInt16(at + 1, true) * 256 + bytes.getUint8(at)) / 8_388_608
    default:
      return (bytes, at) => bytes.getInt32(at, true) / 2_147_483_648
  }
}
