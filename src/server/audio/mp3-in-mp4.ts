import type { MpegVersion } from './mpeg-frame-header.ts'

export type Mp4HeadInput = {
  version: MpegVersion
  sampleRateHz: number
  channels: number
  samplesPerFrame: number
  /** Of every frame in order. */
  frameBytes: readonly number[]
  /** What is heard: the samples before it are decoded and left out, those behind it as well. */
  heard: { from: number; samples: number }
}

/** Everything of the file that comes before its first frame; the frames follow without gaps. */
export function buildMp4Head(input: Mp4HeadInput): Buffer {
  const dataBytes = input.frameBytes.reduce((sum, size) => sum + size, 0)
  const fileType = box('ftyp', Buffer.from('M4A \0\0\0\0M4A mp42isom', 'latin1'))
  // Positions are written with a fixed width, so the head is as long with any as with the right ones.
  const index = (framesStart: number) => movie(input, framesStart)
  const framesStart = fileType.length + index(0).length + LONG_BOX_HEAD_BYTES
  return Buffer.concat([
    fileType,
    index(framesStart),
    u32(1),
    Buffer.from('mdat'),
    u64(LONG_BOX_HEAD_BYTES + dataBytes),
  ])
}

const LONG_BOX_HEAD_BYTES = 16
/** Players read the frames of a chunk together: a second or two of sound. */
const FRAMES_PER_CHUNK = 32

/** `objectTypeIndication` of the audio. Source: ISO/IEC 14496-1, table 5 */
const OBJECT_TYPES: Readonly<Record<MpegVersion, number>> = { '1': 0x6b, '2': 0x69, '2.5': 0x69 }
const AUDIO_STREAM = 0x15
const UNITY_MATRIX = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000]
const IS_ENABLED_IN_MOVIE = 3
const TRACK_ID = 1
const FULL_VOLUME = 0x0100
// Five bits a letter: `und`, no language told.
const UNDETERMINED = 0x55c4

// Boxes and their fields. Source: ISO/IEC 14496-12, chapter 8; `esds` 14496-14, 5.6.1.

function movie(input: Mp4HeadInput, framesStart: number): Buffer {
  const { sampleRateHz, heard } = input
  const matrix = UNITY_MATRIX.map(u32)
  return box(
    'moov',
    fullBox(
      'mvhd',
      0,
      ...[0, 0, sampleRateHz, heard.samples, 0x10000].map(u32),
      u16(FULL_VOLUME),
      zeros(10),
      ...matrix,
      zeros(24),
      u32(TRACK_ID + 1),
    ),
    box(
      'trak',
      fullBox(
        'tkhd',
        IS_ENABLED_IN_MOVIE,
        ...[0, 0, TRACK_ID, 0, heard.samples].map(u32),
        zeros(12),
        u16(FULL_VOLUME),
        zeros(2),
        ...matrix,
        zeros(8),
      ),
      box('edts', fullBox('elst', 0, ...[1, heard.samples, heard.from, 0x10000].map(u32))),
      media(input, framesStart),
    ),
  )
}

function media(input: Mp4HeadInput, framesStart: number): Buffer {
  const { sampleRateHz, samplesPerFrame, frameBytes } = input
  const samples = samplesPerFrame * frameBytes.length
  const itself = fullBox('url ', 1)
  return box(
    'mdia',
    fullBox('mdhd', 0, ...[0, 0, sampleRateHz, samples].map(u32), u16(UNDETERMINED), zeros(2)),
    fullBox('hdlr', 0, zeros(4), Buffer.from('soun'), zeros(12), Buffer.from('Sound\0')),
    box(
      'minf',
      fullBox('smhd', 0, zeros(4)),
      box('dinf', fullBox('dref', 0, u32(1), itself)),
      box(
        'stbl',
        fullBox('stsd', 0, u32(1), sampleEntry(input)),
        fullBox('stts', 0, ...[1, frameBytes.length, samplesPerFrame].map(u32)),
        chunkLengths(frameBytes.length),
        fullBox('stsz', 0, u32(0), u32(frameBytes.length), u32s(frameBytes)),
        chunkPositions(frameBytes, framesStart),
      ),
    ),
  )
}

function sampleEntry({ version, sampleRateHz, channels }: Mp4HeadInput): Buffer {
  return box(
    'mp4a',
    zeros(6),
    u16(1),
    zeros(8),
    ...[channels, 16, 0, 0].map(u16),
    u32(sampleRateHz * 0x10000),
    fullBox('esds', 0, streamDescriptor(OBJECT_TYPES[version])),
  )
}

function streamDescriptor(objectType: number): Buffer {
  // No buffer size and no bit rates: they are hints, and the frames tell.
  const decoder = descriptor(4, Buffer.from([objectType, AUDIO_STREAM]), zeros(11))
  const syncLayer = descriptor(6, Buffer.from([2]))
  return descriptor(3, u16(0), zeros(1), decoder, syncLayer)
}

function descriptor(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag, body.length]), body])
}

/** As many frames in every chunk, and what is left in the last one. */
function chunkLengths(frames: number): Buffer {
  const full = Math.floor(frames / FRAMES_PER_CHUNK)
  const rest = frames % FRAMES_PER_CHUNK
  const runs: number[][] = []
  if (full > 0) runs.push([1, FRAMES_PER_CHUNK, 1])
  if (rest > 0) runs.push([full + 1, rest, 1])
  return fullBox('stsc', 0, u32s([runs.length, ...runs.flat()]))
}

function chunkPositions(frameBytes: readonly number[], framesStart: number): Buffer {
  const chunks = Math.ceil(frameBytes.length / FRAMES_PER_CHUNK)
  const positions = Buffer.alloc(chunks * 8)
  let position = framesStart
  for (const [frame, size] of frameBytes.entries()) {
    if (frame % FRAMES_PER_CHUNK === 0) {
      positions.writeBigUInt64BE(BigInt(position), (frame / FRAMES_PER_CHUNK) * 8)
    }
    position += size
  }
  return fullBox('co64', 0, u32(chunks), positions)
}

function fullBox(type: string, flags: number, ...parts: Buffer[]): Buffer {
  return box(type, u32(flags), ...parts)
}

function box(type: string, ...parts: Buffer[]): Buffer {
  const lengthBytes = parts.reduce((sum, part) => sum + part.length, 8)
  return Buffer.concat([u32(lengthBytes), Buffer.from(type, 'latin1'), ...parts])
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

function u32(value: number): Buffer {
  return u32s([value])
}

function u32s(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value, at * 4)
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

function zeros(length: number): Buffer {
  return Buffer.alloc(length)
}
