import { describe, expect, it } from 'vitest'
import type { Verdict } from '#contract/metric-result.ts'
import { compareVerdicts, summariseTrials, usageText } from './trial-words.ts'

const verdict: Verdict = {
  id: 9,
  metricId: 3,
  code: 'kind',
  name: 'Kind',
  evalType: 'rating',
  unit: '',
  maxScore: 5,
  state: 'scored',
  skipReason: null,
  source: 'judge',
  score: 4,
  valueText: null,
  passed: true,
  explanation: '',
  confidence: null,
  metricVersion: 1,
  runId: null,
  basis: null,
  evidence: [],
  extra: {},
  model: 'm',
  inputTokens: 412,
  outputTokens: 38,
  costUsd: 0.00123,
  durationMs: 840,
  createdAt: null,
}

describe('compareVerdicts', () => {
  it('tells a value and a pass that turned', () => {
    const tried = { ...verdict, score: 2, passed: false }
    expect(compareVerdicts({ tried, current: verdict })).toEqual({
      kind: 'differs',
      text: 'Differs: 4 of 5, passed became 2 of 5, failed',
    })
  })

  it('tells a result that broke', () => {
    const tried = { ...verdict, state: 'failed', score: null, passed: null } as const
    expect(compareVerdicts({ tried, current: verdict }).text).toBe(
      'Differs: 4 of 5, passed became error',
    )
  })

  it('finds other words with the same answer the same', () => {
    const tried = { ...verdict, explanation: 'Other words' }
    expect(compareVerdicts({ tried, current: verdict }).kind).toBe('same')
  })

  it('compares with nothing where no result is kept', () => {
    expect(compareVerdicts({ tried: verdict, current: null }).kind).toBe('first')
    expect(compareVerdicts({ tried: verdict, current: { ...verdict, id: null } }).kind).toBe(
      'first',
    )
  })
})

describe('summariseTrials', () => {
  it('counts differences among those that can be compared', () => {
    const of = (kind: 'first' | 'same' | 'differs') => ({ kind, text: '' })
    expect(summariseTrials([of('differs'), of('same'), of('first')], 1)).toBe(
      '3 calls tried; 1 of 2 differ from what counts now; 1 call could not be tried',
    )
  })
})

describe('usageText', () => {
  it('keeps the digits of a small cost', () => {
    expect(usageText(verdict)).toBe('412 tokens in, 38 out, $0.0012, 840 ms')
    expect(usageText({ ...verdict, inputTokens: null, outputTokens: null, costUsd: null })).toBe(
      '840 ms',
    )
  })
})
