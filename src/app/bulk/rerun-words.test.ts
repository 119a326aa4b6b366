import { describe, expect, it } from 'vitest'
import type { BulkAction } from '#contract/bulk-action.ts'
import type { RunEstimate } from '#contract/evaluation-run.ts'
import { tellEstimate, tellRun } from './rerun-words.ts'

const estimate: RunEstimate = {
  callCount: 1200,
  metricCount: 14,
  questionCount: 9600,
  inputTokens: 4_800_000,
  outputTokens: 96_000,
  costUsd: 1.25,
  durationSeconds: 4500,
  skippedMetricCount: 0,
}

const told = (changes: Partial<RunEstimate>) =>
  Object.fromEntries(
    tellEstimate({ ...estimate, ...changes }).map(({ name, value }) => [name, value]),
  )

describe('tellEstimate', () => {
  it('says what the judge is asked, what that costs and how long it takes', () => {
    // 4,500 s are 75 min.
    expect(told({})).toEqual({
      Calls: '1,200',
      Metrics: '14',
      'Questions to the judge': 'about 9,600',
      Tokens: 'about 4,800,000 in, 96,000 out',
      Cost: 'about $1.25',
      Time: 'about 1 h 15 min',
    })
  })

  it('says what is not known', () => {
    expect(told({ costUsd: null, durationSeconds: null })).toMatchObject({
      Cost: 'no price set',
      Time: 'not known: the judge was never asked',
    })
  })

  it('leaves tokens, cost and time out where nobody is asked', () => {
    expect(Object.keys(told({ questionCount: 0 }))).toEqual([
      'Calls',
      'Metrics',
      'Questions to the judge',
    ])
  })
})

describe('tellRun', () => {
  const action: BulkAction = {
    id: 1,
    work: { kind: 'rerun' },
    state: 'running',
    totalCount: 1000,
    doneCount: 312,
    skippedCount: 0,
    failedCount: 3,
    inputTokens: 1000,
    outputTokens: 240,
    costUsd: 0.31,
    canUndo: false,
    errorMessage: null,
    startedBy: 'Ada',
    createdAt: '2026-01-01T00:00:00.000Z',
    finishedAt: null,
  }

  it('counts what is left while it runs, and leaves zeros out', () => {
    // 1,000 - 312 = 688.
    expect(tellRun(action)).toEqual(['3 failed', '688 left', '1,240 tokens', '$0.31'])
  })

  it('says nothing of what is left of a run that was stopped', () => {
    expect(tellRun({ ...action, state: 'cancelled', costUsd: null })).toEqual([
      '3 failed',
      '1,240 tokens',
    ])
  })
})
