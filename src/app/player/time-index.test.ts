import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildTimeIndex, findCurrent, findSpansAt, stepStart } from './time-index.ts'

const span = (startSeconds: number | null, endSeconds: number | null) => ({
  startSeconds,
  endSeconds,
})

describe('findCurrent', () => {
  const index = buildTimeIndex([span(1, 3), span(3.5, 5), span(5, 9), span(6, 7)])

  it('finds the span that is going on', () => {
    expect(findCurrent(index, 1)).toBe(0)
    expect(findCurrent(index, 4.99)).toBe(1)
  })

  it('rests on the last span through a pause', () => {
    expect(findCurrent(index, 3.2)).toBe(0)
  })

  it('follows the interjection, then returns to the speaker who goes on', () => {
    expect(findCurrent(index, 6.5)).toBe(3)
    expect(findCurrent(index, 8)).toBe(2)
  })

  it('has none before the first span and in an empty list', () => {
    expect(findCurrent(index, 0.5)).toBeNull()
    expect(findCurrent(buildTimeIndex([]), 5)).toBeNull()
  })

  it('passes over spans without a time and keeps the positions of the list', () => {
    const gaps = buildTimeIndex([span(null, null), span(2, null), span(null, null), span(4, 6)])
    expect(findCurrent(gaps, 3)).toBe(1)
    expect(findCurrent(gaps, 5)).toBe(3)
  })
})

describe('findSpansAt', () => {
  it('names both speakers where they overlap, the later first', () => {
    const index = buildTimeIndex([span(0, 10), span(3, 4), span(3.5, 5)])
    expect(findSpansAt(index, 3.7)).toEqual([2, 1, 0])
    expect(findSpansAt(index, 6)).toEqual([0])
    expect(findSpansAt(index, 11)).toEqual([])
  })

  it('agrees with looking at every span', () => {
    const spans = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 20 })),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(spans, fc.integer({ min: 0, max: 70 }), (pairs, seconds) => {
        const list = pairs.map(([start, length]) => span(start, start + length))
        const expected = list.flatMap((item, position) =>
          (item.startSeconds ?? 0) <= seconds && seconds < (item.endSeconds ?? 0) ? [position] : [],
        )
        const found = findSpansAt(buildTimeIndex(list), seconds)
        expect(found.toSorted((a, b) => a - b)).toEqual(expected)
        if (expected.length > 0) expect(findCurrent(buildTimeIndex(list), seconds)).toBe(found[0])
      }),
    )
  })
})

describe('stepStart', () => {
  const index = buildTimeIndex([span(1, 3), span(3.5, 5), span(3.52, 4), span(8, 9)])

  it('goes to the next start and to the one before this', () => {
    expect(stepStart(index, 1.5, 1)).toBe(3.5)
    expect(stepStart(index, 8.5, -1)).toBe(3.52)
  })

  it('does not stay where a seek landed a few milliseconds early', () => {
    // 3.49 counts as the span that starts at 3.5 and 3.52
    expect(stepStart(index, 3.49, 1)).toBe(8)
    expect(stepStart(index, 3.52, -1)).toBe(1)
  })

  it('has nowhere to go at both ends and without times', () => {
    expect(stepStart(index, 8.5, 1)).toBeNull()
    expect(stepStart(index, 1.5, -1)).toBeNull()
    expect(stepStart(buildTimeIndex([]), 5, 1)).toBeNull()
  })
})
