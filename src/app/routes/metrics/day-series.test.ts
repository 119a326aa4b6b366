import { describe, expect, it } from 'vitest'
import { dayPassRate, fillDays, toRuns } from './day-series.ts'

const day = { day: '2026-03-01', count: 4, passedCount: 3, failedCount: 1, mean: 4 }

describe('fillDays', () => {
  it('gives every day of the window in order, today last, across the end of a month', () => {
    const now = new Date('2026-03-02T00:30:00Z')
    const days = fillDays([day], { now, windowDays: 3 })
    expect(days.map(({ day: name, count }) => [name, count])).toEqual([
      ['2026-02-28', 0],
      ['2026-03-01', 4],
      ['2026-03-02', 0],
    ])
  })
})

describe('dayPassRate', () => {
  it('counts only what was decided', () => {
    // 3 of the 3 + 1 that passed or failed; a fifth result said neither.
    expect(dayPassRate({ ...day, count: 5 })).toBe(0.75)
    expect(dayPassRate({ ...day, passedCount: 0, failedCount: 0 })).toBeNull()
  })
})

describe('toRuns', () => {
  it('breaks the line where days have no value', () => {
    expect(toRuns([null, 1, 2, null, 3])).toEqual([
      [
        { index: 1, value: 1 },
        { index: 2, value: 2 },
      ],
      [{ index: 4, value: 3 }],
    ])
  })
})
