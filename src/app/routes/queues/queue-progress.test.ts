import { describe, expect, it } from 'vitest'
import {
  endText,
  isFinished,
  progressOf,
  progressText,
  readerText,
  spentText,
} from './queue-progress.ts'

const QUEUE = { totalCount: 40, doneCount: 12, lockedCount: 0, skippedCount: 0, assignee: '' }

describe('the progress of a queue', () => {
  it('is told with what is open and what was put off', () => {
    expect(progressText(QUEUE)).toBe('12 of 40 done')
    expect(progressText({ ...QUEUE, lockedCount: 2, skippedCount: 1 })).toBe(
      '12 of 40 done · 2 open · 1 put off',
    )
    expect(progressOf(QUEUE)).toBe(0.3)
  })

  it('is at its end only when every call is done', () => {
    expect(isFinished({ ...QUEUE, doneCount: 39, lockedCount: 1 })).toBe(false)
    expect(isFinished({ ...QUEUE, doneCount: 40 })).toBe(true)
  })

  it('is at its end when all calls were deleted', () => {
    expect(progressOf({ ...QUEUE, totalCount: 0, doneCount: 0 })).toBe(1)
    expect(endText({ ...QUEUE, totalCount: 0, doneCount: 0 })).toContain('deleted')
  })
})

describe('what the end of a queue says', () => {
  it('does not call done what somebody else has open', () => {
    expect(endText({ ...QUEUE, doneCount: 39, lockedCount: 1 })).toMatch(/^1 call left, open with/)
    expect(endText({ ...QUEUE, doneCount: 40 })).toBe('Every call of this queue is done.')
  })

  it('names whose the rest is', () => {
    expect(endText({ ...QUEUE, assignee: 'Ben' })).toBe('28 calls left, for Ben.')
  })
})

describe('what a queue says to somebody who may only read', () => {
  it('tells how many calls are left and why none is given out', () => {
    expect(readerText(QUEUE)).toMatch(/^28 calls left\. You have read-only access/)
  })

  it('tells the end as to everybody else', () => {
    expect(readerText({ ...QUEUE, doneCount: 40 })).toBe('Every call of this queue is done.')
    expect(readerText({ ...QUEUE, totalCount: 0, doneCount: 0 })).toContain('deleted')
  })
})

it('tells time in the unit that fits', () => {
  expect([spentText(44.6), spentText(750), spentText(7500)]).toEqual([
    '45 s',
    '13 min',
    '2 h 5 min',
  ])
})
