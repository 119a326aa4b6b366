import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findSilences, skippableSeconds, skipTarget } from './silence.ts'

const LOUD = 90
const quiet = (points: number) => Array.from({ length: points }, () => 2)
const loud = (points: number) => Array.from({ length: points }, () => LOUD)

/** As the server stores them: bytes of full scale, ten a second. */
const peaks = (...channels: number[][]) => ({
  pointsPerSecond: 10,
  rows: channels.map((bytes) => Float32Array.from(bytes, (byte) => byte / 255)),
})

describe('findSilences', () => {
  it('finds a pause longer than a second and leaves a shorter one alone', () => {
    // 10 points/s: loud 0-0.5, quiet 0.5-2.0, loud 2.0-2.5, quiet 2.5-3.3
    const channel = [...loud(5), ...quiet(15), ...loud(5), ...quiet(8)]
    expect(findSilences(peaks(channel))).toEqual([{ startSeconds: 0.5, endSeconds: 2 }])
  })

  it('hears a pause only where both channels are quiet', () => {
    // left quiet 0-3, right quiet 1.2-3: both are quiet for 1.8 s
    expect(findSilences(peaks(quiet(30), [...loud(12), ...quiet(18)]))).toEqual([
      { startSeconds: 1.2, endSeconds: 3 },
    ])
  })

  it('is the whole of a recording in which nobody speaks', () => {
    expect(findSilences(peaks(quiet(40)))).toEqual([{ startSeconds: 0, endSeconds: 4 }])
  })

  it('never calls an audible point silent', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 3, 5, 6, 40, 255), { maxLength: 200 }), (values) => {
        for (const silence of findSilences(peaks(values))) {
          const [from, to] = [silence.startSeconds * 10, silence.endSeconds * 10].map(Math.round)
          expect(Math.max(...values.slice(from, to))).toBeLessThan(6)
        }
      }),
    )
  })
})

describe('skipTarget', () => {
  const silences = [
    { startSeconds: 2, endSeconds: 5 },
    { startSeconds: 8, endSeconds: 10 },
  ]

  it('jumps to just before the next sound', () => {
    // 5 - 0.2 margin
    expect(skipTarget(silences, 3)).toBeCloseTo(4.8)
    expect(skipTarget(silences, 8.5)).toBeCloseTo(9.8)
  })

  it('lets the last word end and the next word begin', () => {
    expect(skipTarget(silences, 2.1)).toBeNull()
    expect(skipTarget(silences, 4.9)).toBeNull()
  })

  it('plays on where there is something to hear', () => {
    expect(skipTarget(silences, 1)).toBeNull()
    expect(skipTarget(silences, 6)).toBeNull()
    expect(skipTarget([], 6)).toBeNull()
  })
})

describe('skippableSeconds', () => {
  it('counts each pause without its margins', () => {
    // (3 - 0.4) + (2 - 0.4)
    const silences = [
      { startSeconds: 2, endSeconds: 5 },
      { startSeconds: 8, endSeconds: 10 },
    ]
    expect(skippableSeconds(silences)).toBeCloseTo(4.2)
  })
})
