import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Resampler, resamplingKernel } from './resampler.ts'

function sine({ hz, rateHz, seconds }: { hz: number; rateHz: number; seconds: number }) {
  return Float32Array.from({ length: Math.round(rateHz * seconds) }, (_, n) =>
    Math.sin((2 * Math.PI * hz * n) / rateHz),
  )
}

function resample(pieces: readonly Float32Array[], fromHz: number, toHz: number): number[] {
  const resampler = new Resampler(resamplingKernel(fromHz, toHz))
  const outputs = pieces.map((piece) => [...resampler.add(piece)])
  return [...outputs, [...resampler.end()]].flat()
}

describe('Resampler', () => {
  it.each([8000, 11_025, 12_345, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000])(
    'keeps a voice as loud and at the same time, from %i Hz',
    (fromHz) => {
      const wave = { hz: 1000, seconds: 0.5 }
      const output = resample([sine({ ...wave, rateHz: fromHz })], fromHz, 8000)
      // Half a second has 4000 samples at 8 kHz; the last one may lie behind the last sample that went in.
      expect(Math.abs(output.length - 4000)).toBeLessThanOrEqual(1)
      const expected = sine({ ...wave, rateHz: 8000 })
      // At both ends the wave begins and stops at once, which no filter can follow.
      for (let n = 50; n < 3950; n++) expect(output[n]).toBeCloseTo(expected[n] ?? 0, 2)
    },
  )

  it('leaves out what the lower rate cannot hold', () => {
    // 5 kHz would come back as a voice of 3 kHz.
    const output = resample([sine({ hz: 5000, rateHz: 48_000, seconds: 0.2 })], 48_000, 8000)
    expect(Math.max(...output.slice(50, -50).map(Math.abs))).toBeLessThan(0.01)
  })

  it('does not care how the sound is cut', () => {
    const rates = fc.constantFrom(8000, 11_025, 44_100)
    const sizes = fc.array(fc.nat(400), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(rates, sizes, (fromHz, lengths) => {
        const whole = sine({ hz: 440, rateHz: fromHz, seconds: 0.05 })
        const pieces: Float32Array[] = []
        let from = 0
        for (const length of lengths) {
          pieces.push(whole.subarray(from, from + length))
          from += length
        }
        pieces.push(whole.subarray(Math.min(from, whole.length)))
        expect(resample(pieces, fromHz, 8000)).toEqual(resample([whole], fromHz, 8000))
      }),
      { numRuns: 30 },
    )
  })
})
