import { describe, expect, it } from 'vitest'
import { formatDuration, formatPosition } from './duration.ts'

describe('formatDuration', () => {
  it('writes minutes without a leading zero and seconds with one', () => {
    expect(formatDuration(7)).toBe('0:07')
    expect(formatDuration(725)).toBe('12:05') // 12 × 60 + 5
  })

  it('adds hours only where there are any', () => {
    expect(formatDuration(3599.9)).toBe('59:59')
    expect(formatDuration(3723)).toBe('1:02:03') // 3600 + 2 × 60 + 3
  })

  it('gives a dash for what is not known', () => {
    expect(formatDuration(null)).toBe('–')
    expect(formatDuration(Number.NaN)).toBe('–')
    expect(formatDuration(-1)).toBe('–')
  })
})

describe('formatPosition', () => {
  it('cuts to tenths and is not misled by binary fractions', () => {
    expect(formatPosition(134.29)).toBe('2:14.2')
    // 0.1 + 0.2 is 0.30000000000000004 and 1 - 0.9 is 0.09999999999999998: both mean whole tenths
    expect(formatPosition(0.1 + 0.2)).toBe('0:00.3')
    expect(formatPosition(1 - 0.9)).toBe('0:00.1')
    expect(formatPosition(59.99)).toBe('0:59.9')
  })
})
