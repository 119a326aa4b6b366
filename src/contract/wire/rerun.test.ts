import { describe, expect, it } from 'vitest'
import { WireEvaluateMetrics, WireRerun } from './rerun.ts'

describe('the calls of a rerun', () => {
  it.each([
    [[3, '4', 3], { kind: 'ids', ids: [3, 4] }],
    ['3, 4', { kind: 'ids', ids: [3, 4] }],
    [50, { kind: 'newest', count: 50 }],
    ['50', { kind: 'newest', count: 50 }],
    ['all', { kind: 'all' }],
    [' ALL ', { kind: 'all' }],
  ])('may be %j, also under the older name', (given, wanted) => {
    expect(WireRerun.parse({ call_logs: given }).call_logs).toEqual(wanted)
    expect(WireRerun.parse({ call_ids: given }).call_ids).toEqual(wanted)
  })

  it('are at most a thousand by their ids', () => {
    const ids = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
    expect(WireRerun.safeParse({ call_logs: ids(1000) }).success).toBe(true)
    expect(WireRerun.safeParse({ call_logs: ids(1001) }).error?.issues).toMatchObject([
      { message: 'Expected at most 1000 ids, got 1001. "all" takes every call.' },
    ])
  })

  it.each([[[]], [[1, 'x']], [[-1]], [0], [1.5], ['some'], [null], [{}], [true]])(
    'are never %j',
    (given) => {
      const issues = WireRerun.safeParse({ call_logs: given }).error?.issues ?? []
      expect(issues.map(({ path }) => path)).toEqual([['call_logs']])
    },
  )
})

describe('chosen metrics', () => {
  it('are needed beside the calls, and may be text', () => {
    const issues = WireEvaluateMetrics.safeParse({}).error?.issues ?? []
    expect(issues.map(({ path }) => path.join())).toEqual(['call_logs', 'metrics'])
    const body = { call_logs: 'all', metric_ids: ['7'], assistant_id: 12, agent_id: null }
    expect(WireEvaluateMetrics.parse(body)).toMatchObject({ metric_ids: [7], assistant_id: 12 })
  })
})
