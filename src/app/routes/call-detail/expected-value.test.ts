import { describe, expect, it } from 'vitest'
import type { MetricVote } from '#contract/review.ts'
import { aVerdict } from '#testing/verdict-builder.ts'
import { expectedQuestion, expectedText, firstExpected } from './expected-value.ts'

const yes = aVerdict({ evalType: 'binary', score: 5, maxScore: null })
const rating = aVerdict({ evalType: 'rating', unit: '', score: 2, maxScore: 5 })
const latency = aVerdict({ evalType: 'numeric', unit: 'ms', score: 900, maxScore: null })

const OWN: MetricVote = {
  eventId: 1,
  metricId: 1,
  verdictId: null,
  reviewer: 'Ada',
  agrees: false,
  expectedValue: 4,
  note: '',
  createdAt: '2026-01-02T03:04:05.000Z',
}

describe('expectedQuestion', () => {
  it('asks by the type of the metric', () => {
    expect(expectedQuestion(yes, null)).toEqual({ kind: 'yes-no' })
    expect(expectedQuestion(aVerdict({ evalType: 'enum' }), null)).toEqual({ kind: 'any-label' })
  })

  it('bounds a rating by its scale and leaves a plain number open', () => {
    expect(expectedQuestion(rating, null)).toEqual({ kind: 'number', unit: '', min: 0, max: 5 })
    expect(expectedQuestion(latency, null)).toEqual({ kind: 'number', unit: 'ms' })
  })
})

describe('firstExpected', () => {
  it('of yes and no is the one that was not said', () => {
    expect(firstExpected(yes, null)).toBe(false)
    expect(firstExpected(aVerdict({ evalType: 'binary', score: 0 }), null)).toBe(true)
  })

  it('is empty for numbers, and what one said before', () => {
    expect(firstExpected(rating, null)).toBeNull()
    expect(firstExpected(rating, OWN)).toBe(4)
  })

  it('starts afresh after one had agreed', () => {
    const agreed = { ...OWN, agrees: true, expectedValue: null }
    expect(firstExpected(yes, agreed)).toBe(false)
  })
})

describe('expectedText', () => {
  it('reads as the results of the metric do', () => {
    expect(expectedText(true, yes)).toBe('Yes')
    expect(expectedText(4, rating)).toBe('4 of 5')
    expect(expectedText(1240, latency)).toBe('1,240 ms')
    expect(expectedText('billing', aVerdict({ evalType: 'enum' }))).toBe('billing')
  })
})
