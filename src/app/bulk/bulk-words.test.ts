import { describe, expect, it } from 'vitest'
import type { BulkAction } from '#contract/bulk-action.ts'
import { proposeWork, tellOutcome } from './bulk-words.ts'

function anAction(changes: Partial<BulkAction>): BulkAction {
  return {
    id: 1,
    work: { kind: 'review', verdict: 'as-judged' },
    state: 'done',
    totalCount: 1235,
    doneCount: 1235,
    skippedCount: 31,
    failedCount: 0,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: null,
    canUndo: true,
    errorMessage: null,
    startedBy: 'Ada',
    createdAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:00:10.000Z',
    ...changes,
  }
}

describe('tellOutcome', () => {
  it('counts what was changed apart from what was left out, and says why', () => {
    // 1,235 done of which 31 left out: 1,204 changed.
    expect(tellOutcome(anAction({}))).toBe(
      '1,204 reviewed, 31 left out: nothing judged them, or they were reviewed already',
    )
  })

  it('says nothing of calls left out where there are none', () => {
    const work = { kind: 'tag', tags: ['vip'] } as const
    const action = anAction({ work: { ...work, tags: [...work.tags] }, skippedCount: 0 })
    expect(tellOutcome(action)).toBe('1,235 tagged')
  })

  it('counts the calls on which a rerun failed apart', () => {
    const action = anAction({ work: { kind: 'rerun' }, failedCount: 4, skippedCount: 1 })
    // 1,235 ended, of which 4 failed and 1 was gone: 1,230 judged.
    expect(tellOutcome(action)).toBe('1,230 judged again, 4 failed, 1 left out: they are gone')
  })

  it('tells how far a stopped action came', () => {
    const action = anAction({ state: 'cancelled', doneCount: 400, skippedCount: 0 })
    expect(tellOutcome(action)).toBe('Stopped after 400 of 1,235: 400 reviewed')
  })

  it('counts up while it undoes', () => {
    // 1,000 of 1,235 are still changed: 235 are as they were.
    const action = anAction({ state: 'undoing', doneCount: 1000 })
    expect(tellOutcome(action)).toBe('Undoing: 235 of 1,235')
  })

  it('passes the reason of a failure on', () => {
    const action = anAction({ state: 'failed', doneCount: 0, errorMessage: 'the disk is full' })
    expect(tellOutcome(action)).toBe('Failed after 0 of 1,235: the disk is full')
  })
})

describe('proposeWork', () => {
  it('says how many calls and what', () => {
    expect(proposeWork({ kind: 'review', verdict: 'failure' }, 12_345)).toBe(
      'Mark 12,345 calls as reviewed: failure',
    )
    expect(proposeWork({ kind: 'untag', tags: ['a', 'b'] }, 1)).toBe('Take the tags from 1 call')
  })
})
