import { describe, expect, it } from 'vitest'
import type { RubricCondition } from '#contract/rubric.ts'
import { actualWords, conditionWords, type RuleMetric } from './condition-words.ts'

const LATENCY: RuleMetric = { evalType: 'numeric', unit: 'ms', maxScore: null }
const POLITENESS: RuleMetric = { evalType: 'binary', unit: '', maxScore: null }
const CSAT: RuleMetric = { evalType: 'rating', unit: '', maxScore: 100 }

const score = (op: RubricCondition['op'], value: RubricCondition['value']): RubricCondition => ({
  field: 'score',
  op,
  value,
})
const words = (condition: RubricCondition, metric: RuleMetric | null) =>
  conditionWords({ operator: 'and', conditions: [condition] }, metric)

describe('conditionWords', () => {
  it('gives numbers their unit', () => {
    expect(words(score('lte', 2000), LATENCY)).toBe('is at most 2,000 ms')
  })

  it('says yes or no however the rule spells it', () => {
    const yes = [score('gte', 5), score('eq', true), score('neq', 0), score('gt', 0)]
    const no = [score('lt', 5), score('eq', 'false'), score('neq', 5), score('lte', 0)]
    for (const condition of yes) expect(words(condition, POLITENESS)).toBe('is yes')
    for (const condition of no) expect(words(condition, POLITENESS)).toBe('is no')
  })

  it('joins conditions by the rule’s own word', () => {
    const conditions = [score('gt', 0), score('lt', 90)]
    expect(conditionWords({ operator: 'or', conditions }, CSAT)).toBe('is above 0 or is below 90')
  })

  it('lists labels, and manages without knowing the metric', () => {
    const condition: RubricCondition = { field: 'enum', op: 'in', value: ['billing', 'sales'] }
    expect(words(condition, null)).toBe('is one of billing, sales')
  })
})

describe('actualWords', () => {
  it('says a value as its metric does', () => {
    expect(actualWords(1240.4, LATENCY)).toBe('1,240 ms')
    expect(actualWords(0, POLITENESS)).toBe('no')
    expect(actualWords(80, CSAT)).toBe('80 of 100')
    expect(actualWords('billing', null)).toBe('billing')
    expect(actualWords(null, CSAT)).toBeNull()
  })
})
