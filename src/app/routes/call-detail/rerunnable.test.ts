import { describe, expect, it } from 'vitest'
import type { MetricKind, MetricTrigger } from '#contract/metric.ts'
import { aVerdict } from '#testing/verdict-builder.ts'
import { failedMetricIds } from './rerunnable.ts'

const TRIGGERS = {
  always: { kind: 'always' },
  automatic: { kind: 'automatic' },
  prompt: { kind: 'prompt', prompt: 'Is a refund asked for?' },
  code: { kind: 'code', code: '_result = true' },
} as const satisfies Record<MetricTrigger['kind'], MetricTrigger>

const metric = (id: number, kind: MetricKind, asks: MetricTrigger['kind'] = 'always') => ({
  id,
  content: { kind, trigger: TRIGGERS[asks] },
})
const said = (metricId: number, passed: boolean | null) => aVerdict({ metricId, passed })

describe('failedMetricIds', () => {
  it('takes what said no and what broke', () => {
    const verdicts = [
      said(1, true),
      said(2, false),
      aVerdict({ metricId: 3, state: 'failed', passed: null }),
      aVerdict({ metricId: 4, state: 'skipped', passed: null }),
    ]
    const metrics = [1, 2, 3, 4].map((id) => metric(id, 'computed'))
    expect(failedMetricIds({ verdicts, metrics, hasJudge: false })).toEqual([2, 3])
  })

  it('leaves what came with the call alone, and without a judge what only a judge can say', () => {
    const verdicts = [said(1, false), said(2, false), said(3, false), said(4, false)]
    const metrics = [
      metric(1, 'recorded'),
      metric(2, 'llm_judge'),
      metric(3, 'custom_code', 'automatic'),
      metric(4, 'custom_code', 'code'),
    ]
    expect(failedMetricIds({ verdicts, metrics, hasJudge: false })).toEqual([4])
    expect(failedMetricIds({ verdicts, metrics, hasJudge: true })).toEqual([2, 3, 4])
  })

  it('leaves out metrics that are gone', () => {
    expect(failedMetricIds({ verdicts: [said(1, false)], metrics: [], hasJudge: true })).toEqual([])
  })
})
