import { describe, expect, it } from 'vitest'
import type { CallSummary } from '#contract/call.ts'
import { EVERY_CALL } from '#contract/filter.ts'
import { readFilter, spellFilter } from '#contract/filter-url.ts'
import { ColumnId } from '../../view-state/column-preferences.ts'
import { cellFilters, rowFilters } from './cell-filters.ts'
import { COLUMN_FILTERS } from './column-filters.ts'

const call: CallSummary = {
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
}

const offered = (column: ColumnId, changes: Partial<CallSummary> = {}) =>
  cellFilters({ ...call, ...changes }, column).map(({ label, apply }) => [
    label,
    spellFilter(apply(EVERY_CALL)),
  ])

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

  it('offers something for exactly the columns that say so', () => {
    for (const column of ColumnId.options) {
      expect([column, cellFilters(call, column).length > 0]).toEqual([
        column,
        COLUMN_FILTERS.has(column),
      ])
    }
  })

  it('offers nothing that the language refuses', () => {
    const filters = rowFilters(call, ColumnId.options)
    expect(filters.length).toBeGreaterThan(15)
    for (const { apply } of filters) {
      expect(readFilter(spellFilter(apply(EVERY_CALL)))).toMatchObject({ ok: true })
    }
  })
})
