import { describe, expect, it } from 'vitest'
import { choosePeakLevel, silencePeakLevel } from './peak-level.ts'

describe('choosePeakLevel', () => {
  it('draws an hour from one point per second', () => {
    // 1 × 3600 = 3600 points for 1000 px × 2
    expect(choosePeakLevel([1, 10, 50], { durationSeconds: 3600, widthPixels: 1000 })).toBe(1)
  })

  it('draws eight minutes from ten points per second', () => {
    // 1 × 482 = 482 is too few for 2000; 10 × 482 = 4820 is enough
    expect(choosePeakLevel([1, 10, 50], { durationSeconds: 482, widthPixels: 1000 })).toBe(10)
  })

  it('takes the finest level where none is fine enough', () => {
    // 50 × 12 = 600 points for 2000 wanted
    expect(choosePeakLevel([50, 1, 10], { durationSeconds: 12, widthPixels: 1000 })).toBe(50)
  })

  it('has nothing to choose before the analysis', () => {
    expect(choosePeakLevel([], { durationSeconds: 12, widthPixels: 1000 })).toBeNull()
  })
})

describe('silencePeakLevel', () => {
  it('takes ten points per second where they are stored', () => {
    expect(silencePeakLevel([1, 10, 50])).toBe(10)
  })

  it('takes the next finer level otherwise', () => {
    expect(silencePeakLevel([1, 50, 25])).toBe(25)
  })

  it('does not guess silence from one point per second', () => {
    expect(silencePeakLevel([1])).toBeNull()
  })
})
