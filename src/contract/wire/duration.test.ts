import { describe, expect, it } from 'vitest'
import { parseClock, toClock } from './duration.ts'

describe('toClock', () => {
  it('writes minutes and seconds, rounded down, with minutes uncapped', () => {
    expect([0, 5.99, 60, 629.5, 4509, 360_000].map(toClock)).toEqual([
      '00:00',
      '00:05',
      '01:00',
      '10:29',
      '75:09', // 4509 = 75 × 60 + 9
      '6000:00',
    ])
  })

  it('writes zero for what is negative or no number', () => {
    expect([-3, Number.NaN, Number.POSITIVE_INFINITY].map(toClock)).toEqual([
      '00:00',
      '00:00',
      '00:00',
    ])
  })
})

describe('parseClock', () => {
  it('reads minutes and seconds, with hours or a fraction', () => {
    // 75 × 60 + 9 = 4509; 3600 + 2 × 60 + 3 = 3723
    expect(['0:38', '00:05', '75:09', '1:02:03', '0:01.5'].map(parseClock)).toEqual([
      38, 5, 4509, 3723, 1.5,
    ])
  })

  it('reads nothing else', () => {
    for (const text of ['', '5', '1:60', '1:2', '1:60:00', '-1:00', '1:00 ', 'a:bc', '1:2:3:04']) {
      expect(parseClock(text)).toBeNull()
    }
  })

  it('reads back what is written', () => {
    for (let seconds = 0; seconds < 20_000; seconds += 7)
      expect(parseClock(toClock(seconds))).toBe(seconds)
  })
})
