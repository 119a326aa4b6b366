import { setImmediate } from 'node:timers/promises'
import type { JobPayloads } from '../queue/job-kinds.ts'
import {
  type BulkActionRecord,
  findBulkAction,
  moveAction,
  removeSomeCallsOfAction,
  setBulkState,
} from '../store/bulk-actions.ts'
import type { Database } from '../store/database.ts'

export type BulkTools = { database: Database; clock: () => number }

/** Rows without any work, written or removed in one transaction. */
export const PLAIN_ROWS = 500

/** The state of an action that a job of this direction may work on. */
export const GOING_ON = { forward: 'running', back: 'undoing' } as const

/** The action as it stands; null if it was removed. One that had failed and was asked for again goes on. */
export function resumeBulkAction(
  database: Database,
  { bulkActionId: id, direction }: JobPayloads['bulk-action'],
): Promise<BulkActionRecord | null> {
  return database.transaction(async (trx) => {
    const action = await findBulkAction(trx, { id, projectId: null })
    if (action?.state !== 'failed') return action
    const state = GOING_ON[direction]
    await setBulkState(trx, { id, state, finishedAt: null })
    if (action.work.kind !== 'rerun') return { ...action, state }
    // While it stood still the calls that it had handed out reported to nobody: it begins anew with all that are open.
    await moveAction(trx, { id, reachedCallId: 0, doneCount: 0, skippedCount: 0 })
    return { ...action, state, reachedCallId: 0 }
  })
}

/** Forgets which calls an action is about, some at a time. */
export async function removeCalls(
  { database, signal }: { database: Database; signal: AbortSignal },
  id: number,
): Promise<void> {
  while (await removeSomeCallsOfAction(database.writer, { id, limit: PLAIN_ROWS })) {
    signal.throwIfAborted()
    await setImmediate()
  }
}
