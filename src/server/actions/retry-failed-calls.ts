import { enqueueBulkAction, enqueueSettling } from '../queue/job-kinds.ts'
import { recordAudit } from '../store/audit-log.ts'
import {
  addCallsToAction,
  findBulkAction,
  insertBulkAction,
  listFailedCallIds,
} from '../store/bulk-actions.ts'
import type { Database } from '../store/database.ts'
import { PLAIN_ROWS } from './bulk-run.ts'
import type { ChangedBulkAction } from './stop-bulk-action.ts'

type Request = { id: number; projectId: number; startedBy: string; now: number }

/** Judges the calls again on which a rerun failed, by the same metrics, as an action of its own. */
export function retryFailedCalls(
  database: Database,
  { id, projectId, startedBy, now }: Request,
): Promise<ChangedBulkAction> {
  return database.transaction(async (trx) => {
    const failed = await findBulkAction(trx, { id, projectId })
    if (failed === null) return { kind: 'not-found' }
    if (failed.work.kind !== 'rerun') {
      return { kind: 'refused', message: 'Only a rerun can be tried again.' }
    }
    const callIds = await listFailedCallIds(trx, { id, limit: PLAIN_ROWS })
    if (callIds.length === 0) return { kind: 'refused', message: 'No call failed in this rerun.' }
    const { work, failedCount } = failed
    const areAll = callIds.length < PLAIN_ROWS
    const totalCount = areAll ? callIds.length : failedCount
    const begun = { projectId, work, target: areAll ? null : {}, totalCount, startedBy, now }
    const action = await insertBulkAction(trx, begun)
    if (areAll) {
      await addCallsToAction(trx, { id: action.id, callIds })
      const payload = { bulkActionId: action.id, direction: 'forward' as const }
      await enqueueBulkAction(trx, { payload, now })
    } else {
      // Writing down more of them would hold up all others.
      await enqueueSettling(trx, { payload: { bulkActionId: action.id, failedOf: id }, now })
    }
    const what = {
      action: `retry the failed calls of rerun ${id}`,
      subject: `bulk-action:${action.id}`,
    }
    await recordAudit(trx, { now, actor: startedBy, ...what })
    return { kind: 'changed', action }
  })
}
