import { describe, expect, it } from 'vitest'
import { PITCH_SAMPLES, PitchMeter, robustMean } from './pitch-meter.ts'

/** A buzz, which like a voice has all overtones. */
const buzz = (hz: number) =>
  Float32Array.from({ length: PITCH_SAMPLES }, (_, n) => (((n * hz) / 8000) % 1) - 0.5)

function meterOf(...readings: readonly (readonly [number, number])[]): PitchMeter {
  const meter = new PitchMeter(8000)
  for (const [atSeconds, hz] of readings) meter.read(buzz(hz), atSeconds)
  return meter
}

describe('PitchMeter', () => {
  it('reads the pitch of what lies within the speech', () => {
    const meter = meterOf([1, 125], [2, 125], [3, 125], [4, 250], [5, 250], [6, 250])
    expect(meter.meanPitchHz([{ startSeconds: 0.9, endSeconds: 3 }])).toBeCloseTo(125, 0)
    const later = [
      { startSeconds: 3.5, endSeconds: 4.5 },
      { startSeconds: 4.9, endSeconds: 6.1 },
    ]
    expect(meter.meanPitchHz(later)).toBeCloseTo(250, 0)
  })

  it('reads no pitch that is not that of a voice, and none in noise', () => {
    const meter = meterOf([1, 800], [2, 800], [3, 800])
    let state = 1
    const noise = Float32Array.from({ length: PITCH_SAMPLES }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31
      return state / 2 ** 30 - 1
    })
    for (const at of [1, 2, 3]) meter.read(noise, at)
    expect(meter.meanPitchHz([{ startSeconds: 0, endSeconds: 9 }])).toBeNull()
  })

  it('is null for too few readings', () => {
    expect(meterOf([1, 120], [2, 120]).meanPitchHz([{ startSeconds: 0, endSeconds: 9 }])).toBeNull()
  })
})

describe('robustMean', () => {
  it('leaves out what is an octave off', () => {
    // (100 + 110 + 120) / 3
    expect(robustMean([100, 220, 110, 55, 120])).toBe(110)
  })
})
