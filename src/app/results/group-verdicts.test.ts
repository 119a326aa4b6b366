import { describe, expect, it } from 'vitest'
import type { MetricKind } from '#contract/metric.ts'
import { aVerdict } from '#testing/verdict-builder.ts'
import { groupVerdicts } from './group-verdicts.ts'

const metric = (id: number, kind: MetricKind) => ({ id, content: { kind } })

describe('groupVerdicts', () => {
  it('orders the groups and keeps the order within them', () => {
    const { groups } = groupVerdicts(
      [
        aVerdict({ metricId: 1, source: 'measured' }),
        aVerdict({ metricId: 2, source: 'recorded' }),
        aVerdict({ metricId: 3, source: 'judge' }),
        aVerdict({ metricId: 4, source: 'measured' }),
        aVerdict({ metricId: 5, source: 'measured' }),
      ],
      [metric(1, 'computed'), metric(4, 'custom_code'), metric(5, 'computed')],
    )
    expect(groups.map(({ kind, verdicts }) => [kind, verdicts.map((v) => v.metricId)])).toEqual([
      ['judge', [3]],
      ['measured', [1, 5]],
      ['code', [4]],
      ['recorded', [2]],
    ])
  })

  it('leaves a recorded result with the recorded ones after its metric has become a judge’s', () => {
    const recorded = aVerdict({ source: 'recorded' })
    const { groups } = groupVerdicts([recorded], [metric(1, 'llm_judge')])
    expect(groups.map(({ kind }) => kind)).toEqual(['recorded'])
  })

  it('takes those that wait for a judge out of the groups', () => {
    const waiting = aVerdict({ id: null, metricId: 7, state: 'skipped', skipReason: 'no-judge' })
    const { groups, withoutJudge } = groupVerdicts([waiting], [metric(7, 'llm_judge')])
    expect(groups).toEqual([])
    expect(withoutJudge).toEqual([waiting])
  })
})
