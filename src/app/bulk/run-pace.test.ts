import { describe, expect, it } from 'vitest'
import { secondsLeft, tellTimeLeft, withSample } from './run-pace.ts'

describe('secondsLeft', () => {
  it('goes on at the pace of the samples', () => {
    const samples = [
      { atMs: 1000, doneCount: 100 },
      { atMs: 11_000, doneCount: 150 },
    ]
    // 50 in 10 s; 450 of 600 are left: 90 s.
    expect(secondsLeft(samples, 600)).toBe(90)
  })

  it('knows nothing without time or without progress', () => {
    const start = { atMs: 0, doneCount: 3 }
    expect(secondsLeft([], 10)).toBeNull()
    expect(secondsLeft([start, { atMs: 500, doneCount: 4 }], 10)).toBeNull()
    expect(secondsLeft([start, { atMs: 9000, doneCount: 3 }], 10)).toBeNull()
  })
})

describe('withSample', () => {
  it('keeps the last minute and the sample it begins with', () => {
    const samples = [0, 30_000, 50_000, 100_000].map((atMs) => ({ atMs, doneCount: atMs }))
    // The minute before 115,000 begins at 55,000: 50,000 is the last one from before it.
    const kept = withSample(samples, { atMs: 115_000, doneCount: 0 })
    expect(kept.map(({ atMs }) => atMs)).toEqual([50_000, 100_000, 115_000])
  })
})

describe('tellTimeLeft', () => {
  it.each([
    [10, 'less than a minute left'],
    [90, 'about 2 min left'],
    [3600, 'about 1 h left'],
    [7500, 'about 2 h 5 min left'],
  ])('says %d seconds in words', (seconds, words) => {
    expect(tellTimeLeft(seconds)).toBe(words)
  })
})
