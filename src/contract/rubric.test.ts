import { describe, expect, it } from 'vitest'
import { type MetricResult, scored, skipped } from './metric-result.ts'
import {
  applyRubric,
  conditionText,
  type Rubric,
  type RubricCondition,
  wantedAnswer,
} from './rubric.ts'

const IDENTITY = {
  code: 'x',
  unit: '',
  maxScore: null,
  source: 'measured' as const,
  confidence: null,
}

function resultOf(
  metricId: number,
  given: Partial<Pick<MetricResult, 'evalType' | 'score' | 'valueText' | 'state'>>,
): MetricResult {
  const { basis: _, evidence: __, extra: ___, ...found } = scored({})
  return { ...found, ...IDENTITY, metricId, name: `M${metricId}`, evalType: 'numeric', ...given }
}

function ruleOf(metricId: number, ...conditions: RubricCondition[]): Rubric['rules'][number] {
  return { metricId, operator: 'and', conditions }
}

const passes = (condition: RubricCondition, result: MetricResult) =>
  applyRubric(
    { logic: 'and', rules: [ruleOf(result.metricId, condition)] },
    { results: [result], metrics: [] },
  ).success

describe('applyRubric', () => {
  it.each([
    ['gt', 4, 5, true],
    ['gt', 5, 5, false],
    ['gte', 5, 5, true],
    ['lt', 5, 5, false],
    ['lte', 5, 5, true],
    ['lte', 4, 5, false],
    ['eq', 5, 5, true],
    ['neq', 5, 5, false],
    ['neq', 4, 5, true],
  ] as const)('holds a score against %s %d as a number', (op, value, score, expected) => {
    expect(passes({ field: 'score', op, value }, resultOf(1, { score }))).toBe(expected)
  })

  it('takes yes and no as 5 and 0, in words, as flags and as older rules wrote them', () => {
    const yes = resultOf(1, { evalType: 'binary', score: 5 })
    const no = resultOf(1, { evalType: 'binary', score: 0 })
    for (const value of [true, 'true', 5]) {
      expect(passes({ field: 'score', op: 'eq', value }, yes)).toBe(true)
      expect(passes({ field: 'score', op: 'eq', value }, no)).toBe(false)
    }
    expect(passes({ field: 'score', op: 'neq', value: false }, yes)).toBe(true)
    expect(passes({ field: 'score', op: 'gte', value: 5 }, no)).toBe(false)
  })

  it('compares labels by eq, neq and in', () => {
    const label = resultOf(1, { evalType: 'enum', valueText: 'neutral' })
    const field = 'enum'
    expect(passes({ field, op: 'in', value: ['positive', 'neutral'] }, label)).toBe(true)
    expect(passes({ field, op: 'in', value: ['negative'] }, label)).toBe(false)
    expect(passes({ field, op: 'eq', value: 'neutral' }, label)).toBe(true)
    expect(passes({ field, op: 'neq', value: 'neutral' }, label)).toBe(false)
    // A label has no order.
    expect(passes({ field, op: 'gt', value: 'a' }, label)).toBe(false)
  })

  it('skips a rule whose metric has no result, and decides by the others', () => {
    const rubric: Rubric = {
      logic: 'and',
      rules: [
        ruleOf(1, { field: 'score', op: 'gte', value: 3 }),
        ruleOf(2, { field: 'score', op: 'gte', value: 3 }),
      ],
    }
    const results = [resultOf(1, { score: 4 }), resultOf(2, { state: 'skipped' })]
    const outcome = applyRubric(rubric, { results, metrics: [] })
    expect(outcome.success).toBe(true)
    expect(outcome.findings.map(({ passed }) => passed)).toEqual([true, null])
  })

  it.each([
    ['and', 4, null],
    ['and', 2, false],
    ['or', 4, true],
    ['or', 2, null],
  ] as const)(
    'does not take a metric that broke for a skipped one: %s with a score of %d',
    (logic, score, expected) => {
      const condition = { field: 'score', op: 'gte', value: 3 } as const
      const rubric: Rubric = { logic, rules: [ruleOf(1, condition), ruleOf(2, condition)] }
      const results = [resultOf(1, { score }), resultOf(2, { state: 'failed' })]
      expect(applyRubric(rubric, { results, metrics: [] }).success).toBe(expected)
    },
  )

  it('decides nothing where every rule was skipped, and where there is none', () => {
    const rubric: Rubric = {
      logic: 'and',
      rules: [ruleOf(1, { field: 'score', op: 'eq', value: 5 })],
    }
    const metrics = [
      { id: 1, name: 'Relevancy', content: { evalType: 'numeric' as const, range: null } },
    ]
    const outcome = applyRubric(rubric, { results: [], metrics })
    expect(outcome).toMatchObject({ success: null, findings: [{ metricName: 'Relevancy' }] })
    expect(applyRubric({ logic: 'or', rules: [] }, { results: [], metrics }).success).toBeNull()
    expect(skipped('no-judge', '').score).toBeNull()
  })

  it('skips a rule whose result is on another scale than the metric has now', () => {
    const rubric: Rubric = {
      logic: 'and',
      rules: [ruleOf(1, { field: 'score', op: 'gte', value: 80 })],
    }
    const rated = { ...resultOf(1, { evalType: 'rating', score: 4 }), maxScore: 5 }
    const yes = resultOf(1, { evalType: 'binary', score: 5 })
    const decide = (
      evalType: MetricResult['evalType'],
      max: number | null,
      result: MetricResult = rated,
    ) => {
      const range = max === null ? null : { min: 0, max }
      const metrics = [{ id: 1, name: 'M1', content: { evalType, range } }]
      return applyRubric(rubric, { results: [result], metrics })
    }
    expect(decide('rating', 100)).toMatchObject({
      success: null,
      findings: [{ passed: null, actual: null, explanation: expect.stringContaining('scale') }],
    })
    expect(decide('numeric', null).success).toBeNull()
    expect(decide('numeric', null, yes).success).toBeNull()
    expect(decide('rating', 5).success).toBe(false)
    // A rating without a range ends at 5.
    expect(decide('rating', null).success).toBe(false)
  })

  it('fails by one rule with and, passes by one with or', () => {
    const rules = [
      ruleOf(1, { field: 'score', op: 'gte', value: 3 }),
      ruleOf(2, { field: 'score', op: 'gte', value: 3 }),
    ]
    const results = [resultOf(1, { score: 4 }), resultOf(2, { score: 1 })]
    expect(applyRubric({ logic: 'and', rules }, { results, metrics: [] }).success).toBe(false)
    expect(applyRubric({ logic: 'or', rules }, { results, metrics: [] }).success).toBe(true)
  })

  it('joins the conditions of one rule by its own operator', () => {
    const conditions: RubricCondition[] = [
      { field: 'score', op: 'gte', value: 2 },
      { field: 'score', op: 'lte', value: 3 },
    ]
    const results = [resultOf(1, { score: 4 })]
    const success = (operator: 'and' | 'or') =>
      applyRubric(
        { logic: 'and', rules: [{ metricId: 1, operator, conditions }] },
        { results, metrics: [] },
      ).success
    expect(success('and')).toBe(false)
    expect(success('or')).toBe(true)
  })
})

describe('conditionText', () => {
  it('words a condition as the wire does', () => {
    expect(conditionText({ field: 'score', op: 'gte', value: 5 })).toBe('score gte 5')
    expect(conditionText({ field: 'enum', op: 'in', value: ['a', 'b'] })).toBe('enum in a, b')
  })
})

describe('wantedAnswer', () => {
  it.each([
    ['eq', true, true],
    ['eq', 5, true],
    ['gte', '5', true],
    ['gte', 3, true],
    ['neq', 'false', true],
    ['eq', 0, false],
    ['lt', 5, false],
    ['lte', false, false],
    ['eq', 3, null],
    ['gte', 0, null],
    ['gt', 5, null],
    ['neq', null, null],
  ] as const)('reads %s %s as %s', (op, value, wanted) => {
    expect(wantedAnswer({ op, value })).toBe(wanted)
  })
})
