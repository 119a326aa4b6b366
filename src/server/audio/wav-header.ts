import { type FileHandle, open } from 'node:fs/promises'
import { UnreadableAudio } from './unreadable-audio.ts'

export type WavEncoding = 'integer' | 'float' | 'mulaw' | 'alaw'

/** Where the samples of a wav file are and how they are written; `dataBytes` is a whole number of frames. */
export type WavHeader = {
  encoding: WavEncoding
  channels: number
  sampleRateHz: number
  bytesPerSample: number
  dataOffset: number
  dataBytes: number
}

type WavLayout = Omit<WavHeader, 'dataOffset' | 'dataBytes'>
type Chunk = { id: string; offset: number; sizeBytes: number }

// More than any writer makes; keeps a file of zero-sized chunks from being walked for hours.
const MAX_CHUNKS = 1000
const EXTENSIBLE = 0xfffe
const UNKNOWN_SIZE = 0xffffffff

/** WAVE format tags. Source: RFC 2361, appendix A. */
const ENCODING_BY_TAG: Readonly<Record<number, WavEncoding>> = {
  1: 'integer',
  3: 'float',
  6: 'alaw',
  7: 'mulaw',
}

const WIDTHS: Readonly<Record<WavEncoding, readonly number[]>> = {
  integer: [1, 2, 3, 4],
  float: [4, 8],
  mulaw: [1],
  alaw: [1],
}

/**
 * Reads the chunk headers only. A data size of zero, of 0xFFFFFFFF or past the end of the file, as
 * streaming writers and broken connections leave it, means: up to the end of the file.
 * Throws UnreadableAudio where there is no sound to read or it is of an unknown encoding.
 */
export async function readWavHeader(path: string): Promise<WavHeader> {
  const file = await open(path)
  try {
    return await readHeader(file)
  } finally {
    await file.close()
  }
}

async function readHeader(file: FileHandle): Promise<WavHeader> {
  const { size: fileBytes } = await file.stat()
  let layout: WavLayout | null = null
  let longDataBytes: number | null = null

  for await (const chunk of chunksOf(file, fileBytes)) {
    if (chunk.id === 'ds64') longDataBytes = await readLongDataSize(file, chunk)
    if (chunk.id === 'fmt ') layout = await readLayout(file, chunk)
    if (chunk.id !== 'data') continue
    if (!layout) throw unreadable('a format chunk before the samples', 'none')
    return { ...layout, ...dataSpan({ chunk, layout, longDataBytes, fileBytes }) }
  }
  throw unreadable('a chunk with samples', `the end of the file after ${fileBytes} bytes`)
}

async function* chunksOf(file: FileHandle, fileBytes: number): AsyncGenerator<Chunk> {
  let position = 12
  for (let count = 0; count < MAX_CHUNKS && position + 8 <= fileBytes; count++) {
    const head = await readBytes(file, position, 8)
    const chunk = {
      id: head.toString('latin1', 0, 4),
      offset: position + 8,
      sizeBytes: head.readUInt32LE(4),
    }
    yield chunk
    // Chunks are padded to even length.
    position = chunk.offset + chunk.sizeBytes + (chunk.sizeBytes % 2)
  }
}

async function readLongDataSize(file: FileHandle, chunk: Chunk): Promise<number> {
  const body = await readBytes(file, chunk.offset, 16)
  return Number(body.readBigUInt64LE(8))
}

async function readLayout(file: FileHandle, chunk: Chunk): Promise<WavLayout> {
  if (chunk.sizeBytes < 16) throw unreadable('a format chunk of 16 bytes', `${chunk.sizeBytes}`)
  const body = await readBytes(file, chunk.offset, Math.min(chunk.sizeBytes, 40))
  const tag = body.readUInt16LE(0)
  // The sub-format is a GUID that starts with the plain tag.
  const isExtensible = tag === EXTENSIBLE && body.length >= 26
  return checkedLayout({
    tag: isExtensible ? body.readUInt16LE(24) : tag,
    channels: body.readUInt16LE(2),
    sampleRateHz: body.readUInt32LE(4),
    blockBytes: body.readUInt16LE(12),
    bits: body.readUInt16LE(14),
  })
}

type WavFormatFields = {
  tag: number
  channels: number
  sampleRateHz: number
  blockBytes: number
  bits: number
}

function checkedLayout(fields: WavFormatFields): WavLayout {
  const { tag, channels, sampleRateHz, bits } = fields
  const encoding = ENCODING_BY_TAG[tag]
  if (!encoding) {
    const code = `0x${tag.toString(16).padStart(4, '0')}`
    throw unreadable('PCM, float, µ-law or A-law samples', `the compressed encoding ${code}`)
  }
  if (channels < 1 || channels > 64) throw unreadable('1 to 64 channels', `${channels}`)
  if (sampleRateHz < 1000 || sampleRateHz > 768_000) {
    throw unreadable('a sample rate of 1 to 768 kHz', `${sampleRateHz} Hz`)
  }
  const bytesPerSample = sampleWidth(fields)
  if (!WIDTHS[encoding].includes(bytesPerSample)) {
    throw unreadable(
      `${WIDTHS[encoding].join(' or ')} bytes per ${encoding} sample`,
      `${bits} bits`,
    )
  }
  return { encoding, channels, sampleRateHz, bytesPerSample }
}

/** Of the container, which is wider than the valid bits for 12 or 20-bit sound; some writers leave the block size out. */
function sampleWidth({ channels, blockBytes, bits }: WavFormatFields): number {
  const width = blockBytes / channels
  return Number.isInteger(width) && width * 8 >= bits && width > 0 ? width : Math.ceil(bits / 8)
}

type DataSpanInput = {
  chunk: Chunk
  layout: WavLayout
  longDataBytes: number | null
  fileBytes: number
}

function dataSpan({ chunk, layout, longDataBytes, fileBytes }: DataSpanInput) {
  const frameBytes = layout.channels * layout.bytesPerSample
  const presentBytes = fileBytes - chunk.offset
  const statedBytes =
    chunk.sizeBytes === UNKNOWN_SIZE && longDataBytes ? longDataBytes : chunk.sizeBytes
  const usedBytes = statedBytes === 0 || statedBytes > presentBytes ? presentBytes : statedBytes
  const dataBytes = usedBytes - (usedBytes % frameBytes)
  if (dataBytes === 0) throw unreadable('at least one sample', 'none')
  return { dataOffset: chunk.offset, dataBytes }
}

async function readBytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  if (bytesRead < length) throw unreadable('a complete wav header', 'the end of the file inside it')
  return buffer
}

function unreadable(expected: string, found: string): UnreadableAudio {
  return new UnreadableAudio({ expected: `${expected} in the wav file`, found })
}
