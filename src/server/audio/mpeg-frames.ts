import { createReadStream } from 'node:fs'
import {
  HEADER_BYTES,
  isSameStream,
  type MpegFrameHeader,
  parseMpegFrameHeader,
} from './mpeg-frame-header.ts'

/** `bytes` is the whole frame with its header, a view that lasts until the next frames are read. */
export type MpegFrame = { header: MpegFrameHeader; bytes: Buffer }

const READ_BYTES = 256 * 1024
/** Of a frame, and of `ID3` and `APETAGEX`. */
const FIRST_BYTES: ReadonlySet<number> = new Set([0xff, 0x49, 0x41])

/**
 * The frames of an mp3 file in order, some at a time, its tag frame included; empty for a file without any.
 * Memory is bounded and every byte is looked at once. Tags and garbage between frames are left out, and so
 * is a frame that the end of the file cuts off. Throws the file system's errors alone.
 */
export async function* readMpegFrames(path: string): AsyncGenerator<MpegFrame[]> {
  const scanner = new MpegFrameScanner()
  for await (const bytes of createReadStream(path, { highWaterMark: READ_BYTES })) {
    yield scanner.add(bytes)
  }
  yield scanner.end()
}

/**
 * Finds frames in bytes that come in pieces of any size. The first one, and the first one after garbage,
 * counts only if another of the same stream follows it: four bytes look like a header easily.
 */
export class MpegFrameScanner {
  #rest: Buffer = Buffer.alloc(0)
  #skipBytes = 0
  #first: MpegFrameHeader | null = null
  #isInStep = false

  add(bytes: Buffer): MpegFrame[] {
    return this.#scan(this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]), 'more')
  }

  end(): MpegFrame[] {
    return this.#scan(this.#rest, 'end')
  }

  #scan(bytes: Buffer, then: 'more' | 'end'): MpegFrame[] {
    const frames: MpegFrame[] = []
    let offset = 0
    while (offset < bytes.length) {
      const step = this.#stepAt(bytes, offset, then)
      if (step.kind === 'wait') break
      if (step.kind === 'frame') frames.push({ header: step.header, bytes: step.bytes })
      offset += step.lengthBytes
    }
    this.#skipBytes = Math.max(0, offset - bytes.length)
    this.#rest = bytes.subarray(Math.min(offset, bytes.length))
    return frames
  }

  #stepAt(bytes: Buffer, offset: number, then: 'more' | 'end'): Step {
    if (this.#skipBytes > 0) {
      const lengthBytes = this.#skipBytes
      this.#skipBytes = 0
      return { kind: 'skip', lengthBytes }
    }
    const isShort = bytes.length - offset < LONGEST_HEAD_BYTES
    if (isShort && then === 'more') return { kind: 'wait' }
    const tagBytes = tagBytesAt(bytes, offset)
    if (tagBytes > 0) return { kind: 'skip', lengthBytes: tagBytes }

    const header = parseMpegFrameHeader(bytes, offset)
    if (!header || (this.#first && !isSameStream(header, this.#first))) {
      return this.#garbageAt(bytes, offset)
    }
    const end = offset + header.sizeBytes
    if (end + HEADER_BYTES > bytes.length && then === 'more') return { kind: 'wait' }
    if (end > bytes.length || !this.#isTrusted(bytes, end, header)) {
      return this.#garbageAt(bytes, offset)
    }
    this.#first ??= header
    this.#isInStep = true
    const lengthBytes = header.sizeBytes
    return { kind: 'frame', header, bytes: bytes.subarray(offset, end), lengthBytes }
  }

  #isTrusted(bytes: Buffer, end: number, header: MpegFrameHeader): boolean {
    if (this.#isInStep) return true
    const next = parseMpegFrameHeader(bytes, end)
    return next !== null && isSameStream(next, header)
  }

  /** As far as the next byte that a frame or a tag can begin with. */
  #garbageAt(bytes: Buffer, offset: number): Step {
    this.#isInStep = false
    let next = offset + 1
    while (next < bytes.length && !FIRST_BYTES.has(bytes[next] ?? 0)) next += 1
    return { kind: 'skip', lengthBytes: next - offset }
  }
}

type Step =
  | { kind: 'wait' }
  | { kind: 'skip'; lengthBytes: number }
  | ({ kind: 'frame'; lengthBytes: number } & MpegFrame)

const LONGEST_HEAD_BYTES = 32
const ID3_HEAD_BYTES = 10
const ID3_FOOTER_FLAG = 0x10
const APE_HEAD_BYTES = 32
const APE_IS_HEADER_FLAG = 0x20

/**
 * How long the tag is that begins here, 0 if none does: pictures in it can look like frames. An ID3v1 tag is
 * text, which cannot. Source: id3.org ID3v2.4.0 structure, section 3.1; Hydrogenaudio, APE tags header.
 */
function tagBytesAt(bytes: Buffer, offset: number): number {
  if (bytes.length - offset >= ID3_HEAD_BYTES && isText(bytes, offset, 'ID3')) {
    const digits = [...bytes.subarray(offset + 6, offset + ID3_HEAD_BYTES)]
    if (digits.some((digit) => digit > 0x7f)) return 0
    const footerBytes = (bytes[offset + 5] ?? 0) & ID3_FOOTER_FLAG ? ID3_HEAD_BYTES : 0
    return digits.reduce((sum, digit) => sum * 128 + digit, 0) + ID3_HEAD_BYTES + footerBytes
  }
  if (bytes.length - offset >= APE_HEAD_BYTES && isText(bytes, offset, 'APETAGEX')) {
    // The size leaves out the head, and the one at the end is a footer that nothing follows.
    const isHeader = ((bytes[offset + 23] ?? 0) & APE_IS_HEADER_FLAG) !== 0
    return APE_HEAD_BYTES + (isHeader ? bytes.readUInt32LE(offset + 12) : 0)
  }
  return 0
}

function isText(bytes: Buffer, offset: number, text: string): boolean {
  return bytes.toString('latin1', offset, offset + text.length) === text
}
