import { describe, expect, it } from 'vitest'
import type { Metric } from '#contract/metric.ts'
import type { Rubric } from '#contract/rubric.ts'
import { NEW_METRIC } from './metric-draft.ts'
import {
  directionWarning,
  newRule,
  toRubric,
  toRubricDraft,
  unusedMetrics,
} from './rubric-draft.ts'
import { rubricSentence } from './rubric-words.ts'

type RuleMetric = Pick<Metric, 'id' | 'name' | 'direction' | 'content'>

const latency: RuleMetric = {
  id: 1,
  name: 'Latency',
  direction: 'lower',
  content: { ...NEW_METRIC.content, evalType: 'numeric', unit: 'ms' },
}
const honest: RuleMetric = {
  id: 2,
  name: 'Hallucination',
  direction: 'higher',
  content: NEW_METRIC.content,
}
const mood: RuleMetric = {
  id: 3,
  name: 'Sentiment',
  direction: 'neutral',
  content: { ...NEW_METRIC.content, evalType: 'enum', enumValues: ['calm', 'glad'] },
}

describe('newRule', () => {
  it('asks for what is good in the metric’s own type', () => {
    expect(newRule(honest).conditions).toEqual([{ field: 'score', op: 'eq', value: true }])
    expect(newRule(latency).conditions).toEqual([{ field: 'score', op: 'lte', value: null }])
    expect(newRule(mood).conditions).toEqual([{ field: 'enum', op: 'in', value: [] }])
  })
})

describe('toRubric', () => {
  it('is null while a value is missing, so that nothing half written is saved', () => {
    expect(toRubric({ logic: 'and', rules: [newRule(honest), newRule(latency)] })).toBeNull()
    expect(toRubric({ logic: 'and', rules: [newRule(mood)] })).toBeNull()
  })

  it('gives back what it was made of', () => {
    const rubric: Rubric = {
      logic: 'or',
      rules: [
        { metricId: 1, operator: 'and', conditions: [{ field: 'score', op: 'lte', value: 2000 }] },
      ],
    }
    expect(toRubric(toRubricDraft(rubric))).toEqual(rubric)
  })
})

describe('directionWarning', () => {
  const rule = (...ops: ('gte' | 'lte')[]) => ({
    ...newRule(latency),
    conditions: ops.map((op) => ({ field: 'score' as const, op, value: 1 })),
  })

  it('warns of a floor under a metric that is better low', () => {
    expect(directionWarning(rule('gte'), latency)).toContain('is at most')
    expect(directionWarning(rule('lte'), latency)).toBeNull()
  })

  it('says nothing of a range', () => {
    expect(directionWarning(rule('gte', 'lte'), latency)).toBeNull()
  })
})

describe('rubricSentence', () => {
  it('reads as one sentence over types, units and labels', () => {
    const rubric = toRubricDraft({
      logic: 'and',
      rules: [
        { metricId: 2, operator: 'and', conditions: [{ field: 'score', op: 'gte', value: 5 }] },
        { metricId: 1, operator: 'and', conditions: [{ field: 'score', op: 'lte', value: 2000 }] },
        {
          metricId: 3,
          operator: 'and',
          conditions: [{ field: 'enum', op: 'in', value: ['calm', 'glad'] }],
        },
      ],
    })
    expect(rubricSentence(rubric, [latency, honest, mood])).toBe(
      'A call succeeds if Hallucination is yes, and Latency is at most 2,000 ms, and Sentiment is one of calm, glad.',
    )
  })

  it('leaves a gap where a value is missing', () => {
    expect(rubricSentence({ logic: 'and', rules: [newRule(latency)] }, [latency])).toBe(
      'A call succeeds if Latency is at most ….',
    )
  })

  it('says that nothing decides where there is no rule', () => {
    expect(rubricSentence({ logic: 'and', rules: [] }, [])).toContain('not evaluated')
  })
})

describe('unusedMetrics', () => {
  it('leaves out those that have a rule', () => {
    const draft = { logic: 'and' as const, rules: [newRule(honest)] }
    expect(unusedMetrics([latency, honest], draft)).toEqual([latency])
  })
})
