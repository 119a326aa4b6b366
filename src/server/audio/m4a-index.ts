import { type FileHandle, open } from 'node:fs/promises'
import { UnreadableAudio } from './unreadable-audio.ts'

/** The `moov` box of an MP4 file: where every sample is and when it is played. */
export type M4aIndex = {
  /** The box with its header; a copy that may be changed. */
  bytes: Buffer
  offset: number
  /** Whether samples come before it in the file, so that it cannot be decoded from front to back. */
  isBehindSamples: boolean
  fileBytes: number
}

// An hour has an index of about 1 MB.
const MAX_INDEX_BYTES = 64 * 1024 * 1024
const MAX_BOXES = 1000

/** The boxes on the way to sample tables, edit list and time scale. Source: ISO/IEC 14496-12, table 1. */
const CONTAINERS: ReadonlySet<string> = new Set(['moov', 'trak', 'edts', 'mdia', 'minf', 'stbl'])

/** Throws UnreadableAudio where there is none: what is left of a recording whose writer was stopped. */
export async function readM4aIndex(path: string): Promise<M4aIndex> {
  const file = await open(path)
  try {
    return await findIndex(file)
  } finally {
    await file.close()
  }
}

async function findIndex(file: FileHandle): Promise<M4aIndex> {
  const { size: fileBytes } = await file.stat()
  let isBehindSamples = false
  let offset = 0
  for (let count = 0; count < MAX_BOXES && offset + 8 <= fileBytes; count++) {
    const { type, sizeBytes } = await readBoxHead(file, offset, fileBytes)
    if (type === 'moov') {
      const bytes = await readIndexBytes(file, offset, Math.min(sizeBytes, fileBytes - offset))
      return { bytes, offset, isBehindSamples, fileBytes }
    }
    isBehindSamples ||= type === 'mdat'
    offset += sizeBytes
  }
  throw new UnreadableAudio({
    expected: 'an m4a file with its index',
    found: 'none: its writing was cut off',
  })
}

async function readBoxHead(file: FileHandle, offset: number, fileBytes: number) {
  const { buffer } = await file.read(Buffer.alloc(16), 0, 16, offset)
  const shortSize = buffer.readUInt32BE(0)
  const longSize = Number(buffer.readBigUInt64BE(8))
  const stated = shortSize === 1 ? longSize : shortSize
  // 0 stands for "up to the end of the file"; less than a header is damage, and ends the walk as well.
  const sizeBytes = stated < 8 ? fileBytes - offset : stated
  return { type: buffer.toString('latin1', 4, 8), sizeBytes }
}

async function readIndexBytes(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  if (length > MAX_INDEX_BYTES) {
    throw new UnreadableAudio({
      expected: `an m4a index of at most ${MAX_INDEX_BYTES} bytes`,
      found: `${length}`,
    })
  }
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset)
  return buffer.subarray(0, bytesRead)
}

/** Adds `by` to the position of every chunk of samples that lies before `before`. Changes the index in place. */
export function moveChunks({ bytes }: M4aIndex, { before, by }: { before: number; by: number }) {
  visitBoxes(bytes, (type, body) => {
    if (type === 'stco') {
      for (const at of entries(body, 4)) {
        const position = body.readUInt32BE(at)
        if (position < before) body.writeUInt32BE((position + by) >>> 0, at)
      }
    }
    if (type === 'co64') {
      for (const at of entries(body, 8)) {
        const position = body.readBigUInt64BE(at)
        if (position < before) body.writeBigUInt64BE(position + BigInt(by), at)
      }
    }
  })
}

/** Of the sound track's media, in seconds, what its edit list hides before the sound begins; 0 without one. */
export function hiddenSeconds({ bytes }: M4aIndex): number {
  let track = { timescale: 0, mediaTime: 0 }
  let hidden = 0
  visitBoxes(bytes, (type, body) => {
    if (type === 'trak') track = { timescale: 0, mediaTime: 0 }
    if (type === 'elst') track.mediaTime = firstMediaTime(body)
    // Version 1 has 64-bit dates before the time scale.
    if (type === 'mdhd') track.timescale = body.readUInt32BE(body[0] === 1 ? 20 : 12)
    const isSound = type === 'hdlr' && body.toString('latin1', 8, 12) === 'soun'
    if (isSound && track.timescale > 0) hidden = track.mediaTime / track.timescale
  })
  return hidden
}

/** Empty edits, whose media time is -1, delay the sound and hide nothing. */
function firstMediaTime(edits: Buffer): number {
  const isLong = edits[0] === 1
  for (const at of entries(edits, isLong ? 20 : 12)) {
    const mediaTime = isLong ? Number(edits.readBigInt64BE(at + 8)) : edits.readInt32BE(at + 4)
    if (mediaTime >= 0) return mediaTime
  }
  return 0
}

/** Where the entries of a table begin: after version, flags and count, and only as many as there are. */
function* entries(table: Buffer, entryBytes: number): Generator<number> {
  const stated = table.length >= 8 ? table.readUInt32BE(4) : 0
  const present = Math.floor((table.length - 8) / entryBytes)
  for (let entry = 0; entry < Math.min(stated, present); entry++) yield 8 + entry * entryBytes
}

/** Every box in file order, containers before what they hold; damage ends the level it is on. */
function visitBoxes(bytes: Buffer, visit: (type: string, body: Buffer) => void): void {
  let offset = 0
  while (offset + 8 <= bytes.length) {
    const isLong = bytes.readUInt32BE(offset) === 1 && offset + 16 <= bytes.length
    const headBytes = isLong ? 16 : 8
    const sizeBytes = isLong
      ? Number(bytes.readBigUInt64BE(offset + 8))
      : bytes.readUInt32BE(offset) || bytes.length - offset
    if (sizeBytes < headBytes) return
    const type = bytes.toString('latin1', offset + 4, offset + 8)
    const body = bytes.subarray(offset + headBytes, offset + sizeBytes)
    visit(type, body)
    if (CONTAINERS.has(type)) visitBoxes(body, visit)
    offset += sizeBytes
  }
}
