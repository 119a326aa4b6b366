import { closeAheadOf, enqueueBulkAction } from '../queue/job-kinds.ts'
import { recordAudit } from '../store/audit-log.ts'
import {
  type BulkActionRecord,
  canUndo,
  findBulkAction,
  setBulkState,
} from '../store/bulk-actions.ts'
import type { Database } from '../store/database.ts'

export type ChangedBulkAction =
  | { kind: 'changed'; action: BulkActionRecord }
  | { kind: 'not-found' }
  /** `message` is shown to people as it stands. */
  | { kind: 'refused'; message: string }

type Request = { id: number; projectId: number; actor: string; now: number }

/** Stops an action between two of its steps. What is done stays done, and can be undone. */
export function cancelBulkAction(
  database: Database,
  { id, projectId, actor, now }: Request,
): Promise<ChangedBulkAction> {
  return database.transaction(async (trx) => {
    const action = await findBulkAction(trx, { id, projectId })
    if (action === null) return { kind: 'not-found' }
    if (action.state !== 'running') {
      return { kind: 'refused', message: `This action does not run any more: ${action.state}.` }
    }
    await setBulkState(trx, { id, state: 'cancelled', finishedAt: now })
    await closeAheadOf(trx, { runId: id, now })
    const what = { action: 'cancel bulk action', subject: `bulk-action:${id}` }
    await recordAudit(trx, { now, actor, ...what })
    return { kind: 'changed', action: { ...action, state: 'cancelled', finishedAt: now } }
  })
}

/** Begins to take back what an action changed; the job does it. */
export function undoBulkAction(
  database: Database,
  { id, projectId, actor, now }: Request,
): Promise<ChangedBulkAction> {
  return database.transaction(async (trx) => {
    const action = await findBulkAction(trx, { id, projectId })
    if (action === null) return { kind: 'not-found' }
    if (!canUndo(action)) return { kind: 'refused', message: whyNoUndo(action) }
    await setBulkState(trx, { id, state: 'undoing', finishedAt: null })
    await enqueueBulkAction(trx, { payload: { bulkActionId: id, direction: 'back' }, now })
    const what = { action: 'undo bulk action', subject: `bulk-action:${id}` }
    await recordAudit(trx, { now, actor, ...what })
    return {
      kind: 'changed',
      action: { ...action, state: 'undoing', errorMessage: null, finishedAt: null },
    }
  })
}

function whyNoUndo({ work, state }: BulkActionRecord): string {
  if (work.kind === 'rerun') return 'An evaluation cannot be undone.'
  if (state === 'running') return 'This action still runs. Cancel it first.'
  if (state === 'undoing' || state === 'undone') return 'This action is undone already.'
  return 'This action changed nothing.'
}
