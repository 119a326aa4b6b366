import { describe, expect, it } from 'vitest'
import type { CallRow } from '#contract/api.ts'
import { EVERY_CALL } from '#contract/filter.ts'
import { readFilter, spellFilter } from '#contract/filter-url.ts'
import type { MetricResult } from '#contract/metric-result.ts'
import { FixedColumn } from '../../view-state/column-preferences.ts'
import { type CellFilter, cellFilters, rowFilters } from './cell-filters.ts'
import { hasFilters } from './column-filters.ts'

const call: CallRow = {
  id: 7,
  callId: 'call-7',
  agentId: 3,
  agentName: 'Front desk',
  startedAt: '2026-01-02T23:30:00.000Z',
  isStartedAtReceipt: false,
  durationSeconds: 302.48,
  status: 'success',
  isJudged: false,
  isReviewed: false,
  customerNumber: '+15550100',
  endedReason: '',
  topic: 'refund, late',
  tags: ['billing', 'vip'],
  longestGapSeconds: 3.26,
  interruptionCount: 0,
  toolErrorCount: 2,
  transcriptState: 'ready',
  recordingState: 'ready',
  errorMessage: null,
  isDemo: false,
  updatedAt: '2026-01-02T23:30:00.000Z',
  results: [],
}

const told = ({ label, apply }: CellFilter) => [label, spellFilter(apply(EVERY_CALL))]

const offered = (id: FixedColumn, changes: Partial<CallRow> = {}) =>
  cellFilters({ ...call, ...changes }, { id, label: id }).map(told)

const result: MetricResult = {
  metricId: 12,
  code: 'greeting',
  name: 'Greeting',
  evalType: 'binary',
  unit: '',
  maxScore: null,
  state: 'scored',
  skipReason: null,
  source: 'judge',
  score: 0,
  valueText: null,
  passed: null,
  explanation: '',
  confidence: null,
}

const offeredOf = (changes: Partial<MetricResult>) =>
  cellFilters(
    { ...call, results: [{ ...result, ...changes }] },
    { id: 'metric:12', label: 'Greeting' },
  ).map(told)

describe('cellFilters', () => {
  it('means the status that the list shows, not the one on the wire', () => {
    expect(offered('status')).toEqual([
      ['Only calls with status Not evaluated', 'outcome.eq.not-evaluated'],
      ['Without status Not evaluated', 'outcome.neq.not-evaluated'],
    ])
  })

  it('names an agent by its number, and one without a number by its name', () => {
    expect(offered('agentName')[0]?.[1]).toBe('agent.id.eq.3')
    expect(offered('agentName', { agentId: null })[0]?.[1]).toBe('agent.agent_name.eq.Front desk')
  })

  it('offers each tag, and "no tag" where there is none', () => {
    expect(offered('tags').map(([, filter]) => filter)).toEqual([
      'tag.eq.billing',
      'tag.neq.billing',
      'tag.eq.vip',
      'tag.neq.vip',
    ])
    expect(offered('tags', { tags: [] })[0]?.[1]).toBe('tag.isnull.true')
  })

  it('rounds measures so that the call itself stays in both ways', () => {
    // 302.48 s: at least 302, at most 303. 3.26 s: to a tenth, 3.2 and 3.3.
    expect(offered('durationSeconds').map(([, filter]) => filter)).toEqual([
      'duration.gte.302',
      'duration.lte.303',
    ])
    expect(offered('longestGapSeconds').map(([, filter]) => filter)).toEqual([
      'longest_response_gap.gte.3.2',
      'longest_response_gap.lte.3.3',
    ])
  })

  it('asks for none or some where a count is zero, and for at least so many otherwise', () => {
    expect(offered('interruptionCount').map(([, filter]) => filter)).toEqual([
      'interruptions.eq.0',
      'interruptions.gte.1',
    ])
    expect(offered('toolErrorCount')[0]).toEqual([
      'Calls with at least 2 tool errors',
      'tool_errors.gte.2',
    ])
  })

  it('takes the UTC day of a call for its day', () => {
    expect(offered('startedAt')[0]).toEqual(['Only 2026-01-02 (UTC)', 'timestamp.eq.2026-01-02'])
  })

  it('asks for the answer of a metric, and for whether the call passed', () => {
    expect(offeredOf({ passed: false })).toEqual([
      ['Only calls with Greeting: No', 'metric_evaluations.12.value.eq.false'],
      ['Without Greeting: No', 'metric_evaluations.12.value.neq.false'],
      ['Only calls that fail Greeting', 'metric_evaluations.12.passed.eq.false'],
      ['Without calls that fail Greeting', 'metric_evaluations.12.passed.neq.false'],
    ])
    expect(offeredOf({ evalType: 'enum', score: null, valueText: 'warm, brief' })[0]).toEqual([
      'Only calls with Greeting: warm, brief',
      'metric_evaluations.12.value.eq."warm, brief"',
    ])
  })

  it('rounds a score so that the call itself stays in both ways', () => {
    // 912.347 ms: at least 912.34, at most 912.35, which are told as they are shown.
    expect(offeredOf({ evalType: 'numeric', unit: 'ms', score: 912.347 })).toEqual([
      ['Calls with Greeting of at least 912 ms', 'metric_evaluations.12.value.gte.912.34'],
      ['Calls with Greeting of at most 912 ms', 'metric_evaluations.12.value.lte.912.35'],
    ])
  })

  it('asks for calls without a result where a metric was skipped or has not judged', () => {
    const filters = [
      'metric_evaluations.12.value.isnull.true',
      'metric_evaluations.12.value.isnull.false',
    ]
    expect(
      offeredOf({ state: 'skipped', skipReason: 'no-judge', score: null }).map(([, one]) => one),
    ).toEqual(filters)
    const unjudged = cellFilters(call, { id: 'metric:12', label: 'Greeting' })
    expect(unjudged.map(told).map(([, one]) => one)).toEqual(filters)
  })

  it('offers something for exactly the columns that say so', () => {
    for (const id of FixedColumn.options) {
      expect([id, cellFilters(call, { id, label: id }).length > 0]).toEqual([id, hasFilters(id)])
    }
  })

  it('offers nothing that the language refuses', () => {
    const filters = rowFilters(
      call,
      FixedColumn.options.map((id) => ({ id, label: id })),
    )
    expect(filters.length).toBeGreaterThan(15)
    for (const { apply } of filters) {
      expect(readFilter(spellFilter(apply(EVERY_CALL)))).toMatchObject({ ok: true })
    }
  })
})
