import { describe, expect, it } from 'vitest'
import { type ResultValue, resultText, skipText } from './result-text.ts'

const value = (more: Partial<ResultValue>): ResultValue => ({
  state: 'scored',
  evalType: 'numeric',
  unit: '',
  maxScore: null,
  score: null,
  valueText: null,
  ...more,
})

describe('resultText', () => {
  it('says yes and no for 5 and 0', () => {
    expect(resultText(value({ evalType: 'binary', score: 5 }))).toBe('Yes')
    expect(resultText(value({ evalType: 'binary', score: 0 }))).toBe('No')
  })

  it('names the top of a scale', () => {
    expect(resultText(value({ evalType: 'rating', score: 3.5, maxScore: 5 }))).toBe('3.5 of 5')
    expect(resultText(value({ evalType: 'rating', score: 3 }))).toBe('3')
  })

  it('gives a number its unit, and decimals only where they say something', () => {
    expect(resultText(value({ score: 1240.4, unit: 'ms' }))).toBe('1,240 ms')
    expect(resultText(value({ score: 0.4267 }))).toBe('0.43')
  })

  it('gives the label of an enum', () => {
    expect(resultText(value({ evalType: 'enum', valueText: 'billing' }))).toBe('billing')
  })

  it('has no value for what was skipped, whatever score is left in it', () => {
    expect(resultText(value({ state: 'skipped', score: 3 }))).toBe('–')
    expect(resultText(value({ state: 'failed', score: 3 }))).toBe('Error')
    expect(resultText(value({}))).toBe('–')
  })
})

describe('skipText', () => {
  it('says why', () => {
    expect(skipText('no-judge')).toBe('Needs a judge')
    expect(skipText(null)).toBe('Skipped')
  })
})
