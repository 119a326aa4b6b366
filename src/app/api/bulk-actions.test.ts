import { describe, expect, it, vi } from 'vitest'
import type { BulkAction } from '#contract/bulk-action.ts'

// Node's own channel would keep the test's process alive.
vi.stubGlobal('BroadcastChannel', class {})
const { withMovedActions } = await import('./bulk-actions.ts')

function anAction(id: number, changes: Partial<BulkAction> = {}): BulkAction {
  return {
    id,
    work: { kind: 'rerun' },
    state: 'running',
    totalCount: 10,
    doneCount: 0,
    skippedCount: 0,
    failedCount: 0,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: null,
    canUndo: false,
    errorMessage: null,
    startedBy: 'Ada',
    createdAt: '2026-01-01T00:00:00.000Z',
    finishedAt: null,
    ...changes,
  }
}

describe('withMovedActions', () => {
  it('puts the newer state in its place and what others started on top', () => {
    const moved = [anAction(4, { doneCount: 7 }), anAction(6)]
    const after = withMovedActions([anAction(5), anAction(4)], moved)
    expect(after.map(({ id, doneCount }) => [id, doneCount])).toEqual([
      [6, 0],
      [5, 0],
      [4, 7],
    ])
  })

  it('does not let a late message take an end back', () => {
    const ended = anAction(4, { state: 'cancelled', doneCount: 5 })
    expect(withMovedActions([ended], [anAction(4, { doneCount: 4 })])).toEqual([ended])
  })

  it('shows what is being undone as going on', () => {
    const done = anAction(4, { state: 'done' })
    expect(withMovedActions([done], [anAction(4, { state: 'undoing' })])[0]?.state).toBe('undoing')
  })
})
