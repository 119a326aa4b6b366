import { HEADER_BYTES } from './mpeg-frame-header.ts'
import type { MpegFrame } from './mpeg-frames.ts'

/** Samples that the encoder put before the sound and after it; 0 where the tag does not say. */
export type EncoderTag = { delaySamples: number; paddingSamples: number }

const FRAMES_FLAG = 1
const BYTES_FLAG = 2
const TABLE_FLAG = 4
const QUALITY_FLAG = 8

/** Where the twelve bits of each begin within LAME's part. Source: gabriel.mp3-tech.org/mp3infotag.html */
const DELAYS_OFFSET = 21
const VBRI_OFFSET = 36

/**
 * What the first frame of a file says where it is no sound but a Xing, Info or VBRI tag; null where it is
 * sound like the others.
 */
export function readEncoderTag({ header, bytes }: MpegFrame): EncoderTag | null {
  const isMono = header.channels === 1
  const sideBytes = header.version === '1' ? (isMono ? 17 : 32) : isMono ? 9 : 17
  const name = bytes.toString('latin1', HEADER_BYTES + sideBytes, HEADER_BYTES + sideBytes + 4)
  if (name === 'Xing' || name === 'Info') return readXing(bytes, HEADER_BYTES + sideBytes)
  const isVbri = bytes.toString('latin1', VBRI_OFFSET, VBRI_OFFSET + 4) === 'VBRI'
  return isVbri ? { delaySamples: 0, paddingSamples: 0 } : null
}

function readXing(bytes: Buffer, offset: number): EncoderTag {
  if (offset + 8 > bytes.length) return { delaySamples: 0, paddingSamples: 0 }
  const flags = bytes.readUInt32BE(offset + 4)
  const lame = offset + 8 + xingFieldBytes(flags)
  if (lame + DELAYS_OFFSET + 3 > bytes.length) return { delaySamples: 0, paddingSamples: 0 }
  const delays = bytes.readUIntBE(lame + DELAYS_OFFSET, 3)
  return { delaySamples: delays >> 12, paddingSamples: delays & 0xfff }
}

function xingFieldBytes(flags: number): number {
  const fields = [
    [FRAMES_FLAG, 4],
    [BYTES_FLAG, 4],
    [TABLE_FLAG, 100],
    [QUALITY_FLAG, 4],
  ] as const
  return fields.reduce((sum, [flag, size]) => sum + (flags & flag ? size : 0), 0)
}
