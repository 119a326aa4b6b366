import { describe, expect, it } from 'vitest'
import type { CallRow } from '#contract/api.ts'
import { type CallPages, withNewerRows, withOtherResults, withoutRow } from './call-rows.ts'

function aRow(id: number, topic = ''): CallRow {
  return {
    id,
    callId: `c-${id}`,
    agentId: 1,
    agentName: 'Front desk',
    startedAt: '2026-01-02T03:04:05Z',
    isStartedAtReceipt: false,
    durationSeconds: 12,
    status: 'evaluating',
    isJudged: false,
    isReviewed: false,
    customerNumber: '',
    endedReason: '',
    topic,
    tags: [],
    longestGapSeconds: null,
    interruptionCount: null,
    toolErrorCount: 0,
    transcriptState: 'ready',
    recordingState: 'none',
    errorMessage: null,
    isDemo: false,
    updatedAt: '2026-01-02T03:04:05Z',
    results: [],
  }
}

function answeredBy(metricId: number): CallRow['results'][number] {
  return {
    metricId,
    code: `metric-${metricId}`,
    name: `Metric ${metricId}`,
    evalType: 'binary',
    unit: '',
    maxScore: null,
    state: 'scored',
    skipReason: null,
    source: 'judge',
    score: 5,
    valueText: null,
    passed: true,
    explanation: '',
    confidence: null,
  }
}

const pages: CallPages = {
  pages: [
    { items: [aRow(4), aRow(3)], nextCursor: 'after-3' },
    { items: [aRow(2), aRow(1)], nextCursor: null },
  ],
  pageParams: [undefined, 'after-3'],
}

describe('withNewerRows', () => {
  it('replaces a row in its place and keeps the untouched page as it is', () => {
    const changed = withNewerRows(pages, [aRow(2, 'refund')])
    expect(changed.pages[1]?.items.map((row) => [row.id, row.topic])).toEqual([
      [2, 'refund'],
      [1, ''],
    ])
    expect(changed.pages[0]).toBe(pages.pages[0])
  })

  it('does not add rows that no page holds', () => {
    expect(withNewerRows(pages, [aRow(9)])).toBe(pages)
  })
})

describe('withOtherResults', () => {
  it('changes the row and leaves it the results that its list asked for', () => {
    const result = answeredBy(7)
    const mine = {
      ...pages,
      pages: [{ items: [{ ...aRow(2), results: [result] }], nextCursor: null }],
    }
    const changed = withOtherResults(mine, [{ ...aRow(2, 'refund'), results: [answeredBy(9)] }])
    expect(changed.pages[0]?.items).toEqual([{ ...aRow(2, 'refund'), results: [result] }])
  })
})

describe('withoutRow', () => {
  it('takes out one call and keeps cursors', () => {
    const changed = withoutRow(pages, 3)
    expect(changed.pages.map((page) => page.items.map((row) => row.id))).toEqual([[4], [2, 1]])
    expect(changed.pages[0]?.nextCursor).toBe('after-3')
  })

  it('is the same object when the call is not there', () => {
    expect(withoutRow(pages, 9)).toBe(pages)
  })
})
