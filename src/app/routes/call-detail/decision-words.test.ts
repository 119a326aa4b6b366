import { describe, expect, it } from 'vitest'
import { endWords, meanwhileWords, standingOutcome, standingWords } from './decision-words.ts'

describe('standingOutcome', () => {
  it('takes the judge’s outcome where something was judged', () => {
    expect(standingOutcome({ status: 'failure', isJudged: true })).toBe('failure')
  })

  it('takes a person’s whether or not anything was judged', () => {
    expect(standingOutcome({ status: 'reviewed_success', isJudged: false })).toBe('success')
  })

  it('knows none of a call that nothing judged or that is still evaluated', () => {
    expect(standingOutcome({ status: 'success', isJudged: false })).toBeNull()
    expect(standingOutcome({ status: 'evaluating', isJudged: true })).toBeNull()
  })
})

describe('standingWords', () => {
  const words = (status: 'success' | 'evaluating' | 'reviewed_failure', reviewer = '') =>
    standingWords({ status, isJudged: true }, { reviewer, me: 'Ada' })

  it('says whose the outcome is', () => {
    expect(words('success')).toBe('Judge: Success')
    expect(words('reviewed_failure', 'Ada')).toBe('You reviewed it')
    expect(words('reviewed_failure', 'Ben')).toBe('Reviewed by Ben')
    expect(words('reviewed_failure')).toBe('Reviewed')
  })

  it('says what is missing where nothing decided', () => {
    expect(words('evaluating')).toBe('Evaluating')
    expect(standingWords({ status: 'success', isJudged: false }, { reviewer: '', me: 'Ada' })).toBe(
      'Not evaluated',
    )
  })
})

describe('meanwhileWords', () => {
  it('names who decided what, or that a decision is gone', () => {
    expect(meanwhileWords({ status: 'reviewed_failure', reviewer: 'Ben' })).toBe(
      'Ben reviewed it as failure meanwhile',
    )
    expect(meanwhileWords({ status: 'success', reviewer: '' })).toBe(
      'Somebody took the decision back meanwhile',
    )
  })
})

describe('endWords', () => {
  it('tells the end of a list from a call that is not in its loaded part', () => {
    expect(endWords({ isUnknown: false })).toBe('That was the last call of the list')
    expect(endWords({ isUnknown: true })).toContain('not among the loaded ones')
  })
})
