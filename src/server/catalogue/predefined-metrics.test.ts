import { describe, expect, it } from 'vitest'
import { MetricInput, PredefinedMetric } from '#contract/metric.ts'
import { JUDGE_PROMPTS } from './judge-prompts.ts'
import { PREDEFINED_METRICS } from './predefined-metrics.ts'

const available = PREDEFINED_METRICS.filter(({ unavailable }) => unavailable === null)

describe('PREDEFINED_METRICS', () => {
  it('holds metrics that a project can take as they are', () => {
    for (const entry of PREDEFINED_METRICS) {
      const { name, direction, category, content } = entry
      expect(PredefinedMetric.parse({ ...entry, metricId: null })).toEqual({
        ...entry,
        metricId: null,
      })
      const settings = {
        name,
        direction,
        category,
        isEnabled: true,
        isSampled: false,
        agentIds: [],
      }
      expect(MetricInput.safeParse({ ...settings, content }).success, name).toBe(true)
    }
  })

  it('tells its metrics apart by code, by name and by function', () => {
    const functions = available.map(({ content }) => content.functionName)
    for (const names of [
      PREDEFINED_METRICS.map(({ code }) => code),
      PREDEFINED_METRICS.map(({ name }) => name),
      functions,
    ]) {
      expect(new Set(names).size).toBe(names.length)
    }
  })

  it('keeps the codes under which results of the demo and of earlier versions are stored', () => {
    const codes = PREDEFINED_METRICS.map(({ code }) => code)
    expect(codes).toEqual(
      expect.arrayContaining([
        'latency',
        '5dedc41b',
        'hallucination',
        'relevancy',
        'tool-call-success',
        'appropriate-termination',
        'csat',
        'sentiment',
      ]),
    )
  })

  it('asks the judge every question that there is, each by one metric', () => {
    const judged = available.filter(({ content }) => content.kind === 'llm_judge')
    const asked = judged.map(({ content }) => content.functionName)
    expect(asked.toSorted()).toEqual(Object.keys(JUDGE_PROMPTS).sort())
    for (const { inputs } of judged) expect(inputs).toContain('judge')
  })

  it('turns nothing on that costs money unasked, but for the six that say whether a call went well', () => {
    const on = available.filter(({ isOnByDefault }) => isOnByDefault)
    expect(on.filter(({ inputs }) => inputs.includes('judge')).map(({ name }) => name)).toEqual([
      'Instruction Follow',
      'Relevancy',
      'Response Consistency',
      'Appropriate Termination by Main Agent',
      'Sentiment',
      'CSAT',
    ])
  })

  it('computes nothing that it calls unavailable', () => {
    for (const { content, isOnByDefault, unavailable } of PREDEFINED_METRICS) {
      expect(content.kind === 'recorded').toBe(unavailable !== null)
      if (unavailable !== null) expect(isOnByDefault).toBe(false)
    }
  })
})
