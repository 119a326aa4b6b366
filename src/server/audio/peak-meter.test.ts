import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PEAK_LEVELS } from '#contract/recording.ts'
import { PeakMeter } from './peak-meter.ts'

function measure(chunks: readonly Float32Array[][], channels: number, sampleRateHz: number) {
  const meter = new PeakMeter({ channels, sampleRateHz })
  for (const chunk of chunks) meter.add(chunk)
  return meter.summary()
}

/** By the definition: for every point, every frame is asked whether it belongs there. */
function obviousPeaks(channel: Float32Array, sampleRateHz: number, pointsPerSecond: number) {
  const points = Math.ceil((channel.length * pointsPerSecond) / sampleRateHz)
  return Array.from({ length: points }, (_, point) => {
    const own = channel.filter((_, n) => Math.floor((n * pointsPerSecond) / sampleRateHz) === point)
    return Math.round(Math.min(1, Math.max(0, ...own.map(Math.abs))) * 255)
  })
}

describe('PeakMeter', () => {
  it('equals the obvious computation for any sound in chunks of any size', () => {
    const sample = fc.float({ min: -1.5, max: 1.5, noNaN: true })
    const rate = fc.constantFrom(64, 75, 200, 441, 1000)
    fc.assert(
      fc.property(
        fc.array(fc.float32Array({ min: -1.5, max: 1.5, noNaN: true, maxLength: 90 })),
        rate,
        sample,
        (chunks, sampleRateHz, shift) => {
          const left = Float32Array.from(chunks.flatMap((chunk) => [...chunk]))
          const right = left.map((value) => value * shift)
          const stereo = chunks.map((chunk) => [chunk, chunk.map((value) => value * shift)])

          const { levels, durationSeconds } = measure(stereo, 2, sampleRateHz)

          expect(durationSeconds).toBe(left.length / sampleRateHz)
          expect(levels.map(({ pointsPerSecond }) => pointsPerSecond)).toEqual([...PEAK_LEVELS])
          for (const { pointsPerSecond, bytes, channels } of levels) {
            expect(channels).toBe(2)
            expect([...bytes]).toEqual([
              ...obviousPeaks(left, sampleRateHz, pointsPerSecond),
              ...obviousPeaks(right, sampleRateHz, pointsPerSecond),
            ])
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  it('keeps a single loud sample in the slice of its time at every level', () => {
    // 1000 Hz, 2.5 s; frame 1234 at 1.234 s: slice 1 of 3, 12 of 25, 61 of 125 (1.22 to 1.24 s).
    const samples = new Float32Array(2500)
    samples[1234] = -0.5
    const { levels } = measure([[samples]], 1, 1000)
    // 0.5 * 255 = 127.5, rounded to 128.
    expect(levels.map(({ bytes }) => [bytes.length, bytes.indexOf(128)])).toEqual([
      [3, 1],
      [25, 12],
      [125, 61],
    ])
    expect(levels.map(({ bytes }) => bytes.reduce((sum, byte) => sum + byte))).toEqual([
      128, 128, 128,
    ])
  })

  it('grows past the hour without losing what it has', () => {
    // 100 Hz for 4000 s in one-second chunks, loud in the first and the last second only.
    const chunks = Array.from({ length: 4000 }, (_, second) => [
      new Float32Array(100).fill(second === 0 || second === 3999 ? 1 : 0),
    ])
    const [coarse] = measure(chunks, 1, 100).levels
    expect(coarse?.bytes.length).toBe(4000)
    expect([coarse?.bytes[0], coarse?.bytes[1], coarse?.bytes[3998], coarse?.bytes[3999]]).toEqual([
      255, 0, 0, 255,
    ])
  })

  it('takes no notice of samples that are not numbers', () => {
    const { levels } = measure([[Float32Array.of(Number.NaN, 0.2, Number.NaN)]], 1, 8000)
    // 0.2 * 255 = 51
    expect(levels.map(({ bytes }) => [...bytes])).toEqual([[51], [51], [51]])
  })
})
