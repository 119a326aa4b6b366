import { expect, it } from 'vitest'
import { agreementDays } from './agreement-days.ts'
import { dayPassRate } from './day-series.ts'

it('draws the share of votes that agree', () => {
  const days = agreementDays([{ day: '2026-03-01', voteCount: 4, agreedCount: 3 }])
  // 3 of 4.
  expect(days.map((day) => [day.day, day.count, dayPassRate(day)])).toEqual([
    ['2026-03-01', 4, 0.75],
  ])
})
