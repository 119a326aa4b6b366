import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PeakLevel } from '#contract/recording.ts'
import { computePeaks } from './peaks.ts'
import { probeAudio } from './probe-audio.ts'
import { UnreadableAudio } from './unreadable-audio.ts'
import { buildChunk, buildWav, type WavOptions } from './wav-builder.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peaks-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function analyse(path: string) {
  const probe = await probeAudio(path)
  return { probe, ...(await computePeaks({ path, probe })) }
}

async function analyseBytes(bytes: Uint8Array) {
  const path = join(folder, 'recording')
  await writeFile(path, bytes)
  return analyse(path)
}

const analyseWav = (options: WavOptions) => analyseBytes(buildWav(options))
const analyseSample = (name: string) => analyse(join(import.meta.dirname, 'samples', name))

/** One row per channel of the 50 points/s level. */
function finestRows(levels: readonly PeakLevel[]): Uint8Array[] {
  const finest = levels.find(({ pointsPerSecond }) => pointsPerSecond === 50)
  if (!finest) throw new Error('There is no level of 50 points per second.')
  const points = finest.bytes.length / finest.channels
  return Array.from({ length: finest.channels }, (_, channel) =>
    finest.bytes.subarray(channel * points, (channel + 1) * points),
  )
}

/** Where the row is above a quarter of full scale, in seconds; the tones here reach half of it or more. */
function loudSpan(row: Uint8Array | undefined) {
  if (!row) throw new Error('There is no such channel.')
  const isLoud = (byte: number) => byte > 64
  return {
    from: row.findIndex(isLoud) / 50,
    to: (row.findLastIndex(isLoud) + 1) / 50,
  }
}

/** 2.5 s at 8 kHz in bytes: quiet, loud from 1.0 to 2.0 s, quiet. */
const burst = (quiet: number, loud: number) =>
  Uint8Array.from({ length: 20_000 }, (_, n) => (n >= 8000 && n < 16_000 ? loud : quiet))

describe('computePeaks of a compressed recording', () => {
  // The onsets are what Chromium's own decoder gives for these files, to the millisecond.
  it.each([
    { name: 'cbr.mp3', onset: 1 },
    { name: 'vbr.mp3', onset: 1 },
    { name: 'frames-only.mp3', onset: 1.046 },
    { name: 'opus.ogg', onset: 1 },
    { name: 'vorbis.ogg', onset: 1 },
    { name: 'aac.m4a', onset: 1 },
    { name: 'fragmented.m4a', onset: 1.023 },
    { name: 'flac.flac', onset: 1 },
    { name: 'opus.webm', onset: 1 },
    { name: 'live.webm', onset: 1 },
  ])('starts and ends the tone of $name when a browser plays it', async ({ name, onset }) => {
    const { levels, channels } = await analyseSample(name)
    const [left, right] = finestRows(levels)

    // The very slices of 20 ms that the tone begins and ends in; the bar is 50 ms.
    expect(loudSpan(left)).toEqual({
      from: Math.floor(onset * 50) / 50,
      to: Math.ceil((onset + 1) * 50) / 50,
    })
    expect(channels).toBe(2)
    // Half of full scale is 128; lossy codecs overshoot at the edges.
    expect(left?.[75]).toBeGreaterThan(115)
    expect(left?.[75]).toBeLessThan(135)
    // The silent channel may carry a little of its neighbour: joint stereo.
    expect(right?.every((byte) => byte < 20)).toBe(true)
  })

  it.each([
    ['cbr.mp3', 2.5],
    ['vbr.mp3', 2.5],
    ['opus.ogg', 2.5],
    ['vorbis.ogg', 2.5],
    ['aac.m4a', 2.5],
    ['flac.flac', 2.5],
    // 107 frames of 576 at 24 kHz
    ['frames-only.mp3', 2.568],
    // its header states no duration
    ['live.webm', 2.5],
  ])('counts the duration of %s in frames that are played', async (name, seconds) => {
    const { durationSeconds, levels } = await analyseSample(name)
    expect(durationSeconds).toBeCloseTo(seconds, 3)
    expect(levels.map(({ bytes }) => bytes.length / 2)).toEqual(
      [1, 10, 50].map((level) => Math.ceil(durationSeconds * level)),
    )
  })

  it('draws both channels of a stereo recording whose sides are equal', async () => {
    const { levels, channels } = await analyseSample('both-sides.mp3')
    expect(channels).toBe(2)
    expect(finestRows(levels).map(loudSpan)).toEqual([
      { from: 1, to: 2 },
      { from: 1, to: 2 },
    ])
  })

  it('keeps one channel of a mono recording, whatever its decoder makes of it', async () => {
    const { levels, channels } = await analyseSample('mono.mp3')
    expect(channels).toBe(1)
    expect(finestRows(levels).map(loudSpan)).toEqual([{ from: 1, to: 2 }])
  })
})

describe('computePeaks of a wav file', () => {
  const telephone = { channels: 1, sampleRateHz: 8000, bits: 8 }

  it.each([
    // 0x80 and 0xAA are the loudest codes: 8031/8192 and 4032/4096 of full scale, in bytes 250 and 251.
    { what: 'µ-law', tag: 7, data: burst(0xff, 0x80), codec: 'mulaw', peak: 250 },
    { what: 'A-law', tag: 6, data: burst(0xd5, 0xaa), codec: 'alaw', peak: 251 },
    // 192 is 64 of 128 above the middle: half, 127.5.
    { what: '8-bit PCM', tag: 1, data: burst(128, 192), codec: 'pcm', peak: 128 },
  ])('times the tone of 8 kHz $what to the slice', async ({ tag, data, codec, peak }) => {
    const { probe, levels, durationSeconds } = await analyseWav({ ...telephone, tag, data })
    const [row] = finestRows(levels)
    expect(probe).toMatchObject({ format: 'wav', codec, mimeType: 'audio/wav' })
    expect(durationSeconds).toBe(2.5)
    // Points 50 to 99 are 1.0 to 2.0 s; the quietest A-law code is 1/4096, which rounds to 0.
    expect([...(row ?? [])]).toEqual([
      ...Array(50).fill(0),
      ...Array(50).fill(peak),
      ...Array(25).fill(0),
    ])
  })

  it.each([
    { what: '16-bit PCM', tag: 1, bits: 16, codec: 'pcm', half: [0x00, 0xc0] },
    { what: '24-bit PCM', tag: 1, bits: 24, codec: 'pcm', half: [0x00, 0x00, 0xc0] },
    { what: '32-bit PCM', tag: 1, bits: 32, codec: 'pcm', half: [0x00, 0x00, 0x00, 0xc0] },
    { what: '32-bit float', tag: 3, bits: 32, codec: 'pcm-float', half: [0x00, 0x00, 0x00, 0xbf] },
    {
      what: '64-bit float',
      tag: 3,
      bits: 64,
      codec: 'pcm-float',
      half: [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xe0, 0xbf],
    },
  ])('reads $what', async ({ tag, bits, codec, half }) => {
    // Two frames of stereo at -0.5 left and 0 right; 0.5 * 255 = 127.5, rounded to 128.
    const zero = half.map(() => 0)
    const data = Uint8Array.from([...half, ...zero, ...half, ...zero])
    const plain = { tag, channels: 2, sampleRateHz: 16_000, bits, data }
    for (const layout of ['plain', 'extensible'] as const) {
      const { probe, levels, durationSeconds } = await analyseWav({ ...plain, layout })
      expect(probe).toMatchObject({ codec, channels: 2, sampleRateHz: 16_000 })
      expect(durationSeconds).toBe(2 / 16_000)
      expect(levels.map(({ bytes }) => [...bytes])).toEqual([
        [128, 0],
        [128, 0],
        [128, 0],
      ])
    }
  })

  it.each([
    { what: 'zero', statedBytes: 0 },
    { what: '0xFFFFFFFF', statedBytes: 0xffffffff },
    { what: 'more than there is', statedBytes: 123_456 },
  ])('goes to the end of the file where the header states $what', async ({ statedBytes }) => {
    const data = burst(0xff, 0x80)
    const { durationSeconds } = await analyseWav({ ...telephone, tag: 7, data, statedBytes })
    expect(durationSeconds).toBe(2.5)
  })

  it('reads the 64-bit sizes of RF64', async () => {
    const data = burst(0xff, 0x80)
    const wav = buildWav({ ...telephone, tag: 7, data, magic: 'RF64', statedBytes: 0xffffffff })
    // What follows the samples is not sound, and only the 64-bit size tells.
    const { durationSeconds } = await analyseBytes(
      Buffer.concat([wav, buildChunk('LIST', Buffer.alloc(8000))]),
    )
    expect(durationSeconds).toBe(2.5)
  })

  it('skips other chunks, those of odd length too, and stops before those behind the samples', async () => {
    const extraChunks = [
      buildChunk('LIST', Buffer.from('abc')),
      buildChunk('bext', Buffer.alloc(602)),
    ]
    const wav = buildWav({ ...telephone, tag: 7, data: burst(0xff, 0x80), extraChunks })
    const { levels, durationSeconds } = await analyseBytes(
      Buffer.concat([wav, buildChunk('LIST', Buffer.alloc(999))]),
    )
    expect(durationSeconds).toBe(2.5)
    expect(finestRows(levels).map(loudSpan)).toEqual([{ from: 1, to: 2 }])
  })

  it('keeps the first two of more channels', async () => {
    // One frame of four channels: 1/4, 1/2, 3/4 and full scale; 63.75 and 127.5 round to 64 and 128.
    const data = Uint8Array.of(160, 192, 224, 255)
    const { channels, levels } = await analyseWav({ ...telephone, channels: 4, data })
    expect(channels).toBe(2)
    expect(levels.map(({ bytes }) => [...bytes])).toEqual([
      [64, 128],
      [64, 128],
      [64, 128],
    ])
  })

  it('equals the obvious computation for random 16-bit sound', async () => {
    const random16 = fc.uint8Array({ minLength: 4, maxLength: 8000 })
    const rate = fc.constantFrom(8000, 11_025, 16_000, 44_100)
    await fc.assert(
      fc.asyncProperty(random16, rate, async (data, sampleRateHz) => {
        const { levels } = await analyseWav({ channels: 2, sampleRateHz, bits: 16, data })
        const frames = Math.floor(data.length / 4)
        const view = new DataView(data.buffer, data.byteOffset)
        for (const { pointsPerSecond, bytes } of levels) {
          const points = Math.ceil((frames * pointsPerSecond) / sampleRateHz)
          const expected = Array.from({ length: 2 * points }, () => 0)
          for (let n = 0; n < frames; n++) {
            const point = Math.floor((n * pointsPerSecond) / sampleRateHz)
            for (const channel of [0, 1]) {
              const byte = Math.round(
                (Math.abs(view.getInt16(n * 4 + channel * 2, true)) / 32_768) * 255,
              )
              const at = channel * points + point
              expected[at] = Math.max(expected[at] ?? 0, byte)
            }
          }
          expect([...bytes]).toEqual(expected)
        }
      }),
      { numRuns: 60 },
    )
  })

  it.each([
    ['a compressed encoding', { tag: 0x11, bits: 4 }, /PCM, float, µ-law or A-law.*0x0011/],
    ['no channels', { channels: 0 }, /1 to 64 channels.*found 0/],
    ['an impossible sample rate', { sampleRateHz: 0 }, /sample rate.*0 Hz/],
    ['an impossible width', { bits: 48 }, /1 or 2 or 3 or 4 bytes.*48 bits/],
    ['no samples', { data: Buffer.alloc(0) }, /at least one sample.*none/],
  ])('refuses %s and says so', async (_what, odd, message) => {
    const failure = analyseWav({ ...telephone, data: burst(128, 192), ...odd })
    await expect(failure).rejects.toThrow(UnreadableAudio)
    await expect(failure).rejects.toThrow(message)
  })

  it('refuses a file that ends in its header', async () => {
    const wav = buildWav({ ...telephone, data: burst(128, 192) })
    for (const length of [12, 20, 36, 43]) {
      await expect(analyseBytes(wav.subarray(0, length))).rejects.toThrow(UnreadableAudio)
    }
  })
})
