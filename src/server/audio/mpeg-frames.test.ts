import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readEncoderTag } from './encoder-tag.ts'
import { type MpegFrame, MpegFrameScanner, readMpegFrames } from './mpeg-frames.ts'

const samplePath = (name: string) => join(import.meta.dirname, 'samples', name)

async function framesIn(name: string): Promise<MpegFrame[]> {
  const frames: MpegFrame[] = []
  for await (const some of readMpegFrames(samplePath(name))) frames.push(...some)
  return frames
}

function scan(...pieces: Uint8Array[]): Buffer[] {
  const scanner = new MpegFrameScanner()
  const found = pieces.flatMap((piece) => scanner.add(Buffer.from(piece)))
  return [...found, ...scanner.end()].map(({ bytes }) => bytes)
}

/** 107 frames of 120 bytes and nothing else. */
const onlyFrames = () => readFile(samplePath('frames-only.mp3'))

describe('readMpegFrames', () => {
  it.each([
    // 2.5 s at 24 kHz are 60,000 samples; 576 of delay and 1,056 of padding make 61,632 = 107 * 576.
    // A frame of 40 kbit/s has 576 / 8 * 40,000 / 24,000 = 120 bytes; that of the tag is one of 64: 192.
    ['cbr.mp3', { version: '2', sampleRateHz: 24_000, channels: 2, samples: 576 }, 108, 13_032],
    ['frames-only.mp3', { version: '2', channels: 2 }, 107, 107 * 120],
    // 40,000 + 576 + 896 = 72 * 576; 24 kbit/s: 576 / 8 * 24,000 / 16,000 = 108, and the tag's 40: 180.
    ['mono.mp3', { version: '2', sampleRateHz: 16_000, channels: 1 }, 73, 72 * 108 + 180],
    // 110,250 + 576 + 918 = 97 * 1152, and the tag. The file has 45 bytes of ID3 before them.
    ['vbr.mp3', { version: '1', sampleRateHz: 44_100, samples: 1152 }, 98, 10_914 - 45],
  ])('finds every frame of %s', async (name, header, count, bytes) => {
    const frames = await framesIn(name)
    expect(frames[0]?.header).toMatchObject(header)
    expect(frames).toHaveLength(count)
    expect(frames.reduce((sum, frame) => sum + frame.bytes.length, 0)).toBe(bytes)
  })

  it('finds none in a recording of another kind', async () => {
    expect(await framesIn('opus.ogg')).toEqual([])
  })
})

describe('MpegFrameScanner', () => {
  it('leaves out garbage between frames, and what looks like one header alone', async () => {
    const file = await onlyFrames()
    const garbage = Buffer.concat([Buffer.alloc(50, 0xff), file.subarray(0, 4), Buffer.alloc(150)])
    const half = 50 * 120
    const found = scan(garbage, file.subarray(0, half), garbage, file.subarray(half))
    expect(Buffer.concat(found)).toEqual(file)
  })

  it('leaves out tags, with whole frames as their pictures', async () => {
    const file = await onlyFrames()
    const picture = file.subarray(0, 480)
    // 480 = 3 * 128 + 96, seven bits a byte; little endian in the other one, flagged as a header.
    const id3 = Buffer.from([...Buffer.from('ID3'), 4, 0, 0, 0, 0, 3, 96])
    const ape = Buffer.alloc(32)
    ape.write('APETAGEX')
    ape.writeUInt32LE(480, 12)
    ape[23] = 0xa0
    const id3v1 = Buffer.alloc(128, 'TAG')
    expect(Buffer.concat(scan(id3, picture, file, ape, picture, id3v1))).toEqual(file)
  })

  it('leaves out a frame that is cut off', async () => {
    const file = await onlyFrames()
    expect(scan(file.subarray(0, 120 * 10 + 119))).toHaveLength(10)
  })

  it('finds the same in pieces of any size, in order, and ends for any bytes', async () => {
    const file = await onlyFrames()
    const near = fc.constantFrom(0xff, 0xf3, 0xfb, 0x49, 0x44, 0x33, 0, 0x40)
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc.array(near, { maxLength: 2000 }).map((bytes) => Uint8Array.from(bytes)),
    )
    const frames = fc.nat(106).map((count) => file.subarray(0, count * 120))
    const bytes = fc.array(fc.oneof(noise, frames), { maxLength: 5 })
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 700 }), (parts, size) => {
        const whole = Buffer.concat(parts)
        const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, piece) =>
          whole.subarray(piece * size, (piece + 1) * size),
        )
        const found = scan(whole)
        expect(scan(...pieces)).toEqual(found)
        let from = 0
        for (const frame of found) {
          const at = whole.indexOf(frame, from)
          expect(at).toBeGreaterThanOrEqual(from)
          from = at + frame.length
        }
      }),
    )
  })

  it('takes time in proportion to what can begin a frame and does not', () => {
    // A search of the rest at each of a million bytes would take hours.
    expect(scan(Buffer.alloc(1_000_000, 0xff))).toEqual([])
  })
})

describe('readEncoderTag', () => {
  it.each([
    ['cbr.mp3', { delaySamples: 576, paddingSamples: 1056 }],
    ['mono.mp3', { delaySamples: 576, paddingSamples: 896 }],
    ['vbr.mp3', { delaySamples: 576, paddingSamples: 918 }],
    ['frames-only.mp3', null],
  ])('reads what the encoder of %s added', async (name, expected) => {
    const [first] = await framesIn(name)
    expect(first && readEncoderTag(first)).toEqual(expected)
  })

  it('takes a VBRI tag, which knows no delay, for a tag', async () => {
    const [first] = await framesIn('frames-only.mp3')
    if (!first) throw new Error('no frame')
    const bytes = Buffer.from(first.bytes)
    bytes.write('VBRI', 4 + 32)
    expect(readEncoderTag({ ...first, bytes })).toEqual({ delaySamples: 0, paddingSamples: 0 })
  })
})
