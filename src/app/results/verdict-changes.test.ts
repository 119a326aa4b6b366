import { describe, expect, it } from 'vitest'
import { aVerdict } from '#testing/verdict-builder.ts'
import { verdictChanges, verdictWords } from './verdict-changes.ts'

const yes = aVerdict()
const no = aVerdict({ score: 0, passed: false })

describe('verdictChanges', () => {
  it('names the value that turned, before and after', () => {
    expect(verdictChanges(yes, no)).toEqual(['Yes, passed → No, failed'])
  })

  it('names what else is different, though the value is the same', () => {
    const later = aVerdict({ metricVersion: 2, model: 'other-model' })
    expect(verdictChanges(yes, later)).toEqual(['version 1 → 2', 'model test-model → other-model'])
  })

  it('finds nothing between two that say the same', () => {
    expect(verdictChanges(yes, aVerdict({ id: 2, explanation: 'In other words.' }))).toEqual([])
  })

  it('tells a result that could not be had from a bad one', () => {
    expect(verdictChanges(yes, aVerdict({ state: 'failed', score: null, passed: null }))).toEqual([
      'Yes, passed → error',
    ])
  })

  it('says when the sound has taken the place of the transcript’s times', () => {
    const from = aVerdict({ source: 'measured', basis: 'transcript' })
    expect(verdictChanges(from, { ...from, basis: 'audio' })).toEqual(['now from the sound'])
  })
})

describe('verdictWords', () => {
  it('gives a value that is neither good nor bad alone', () => {
    const topic = aVerdict({ evalType: 'enum', valueText: 'billing', score: null, passed: null })
    expect(verdictWords(topic)).toBe('billing')
  })
})
