import type { Transaction } from 'kysely'
import type { BulkActionInput } from '#contract/bulk-action.ts'
import type { CallSelection } from '#contract/call.ts'
import type { FilterIssue } from '#contract/filter-parse.ts'
import { enqueueBulkAction, enqueueSettling } from '../queue/job-kinds.ts'
import { recordAudit } from '../store/audit-log.ts'
import {
  addCallsToAction,
  type BulkActionRecord,
  insertBulkAction,
  type NewBulkAction,
} from '../store/bulk-actions.ts'
import { readSelection } from '../store/call-selection.ts'
import { listCallStandings } from '../store/call-standings.ts'
import { countCalls } from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import type { Tables } from '../store/tables.ts'

export type StartedBulkAction =
  | { kind: 'started'; action: BulkActionRecord }
  | { kind: 'unreadable-filter'; issues: readonly FilterIssue[] }

type Start = { input: BulkActionInput; projectId: number; startedBy: string; now: number }

/**
 * Begins a bulk action and answers at once; the job does the rest. Named calls are settled here. Of a selection only
 * the number is found out: a job that waits for no other action settles which they are a moment later, and corrects the
 * number where calls came or changed in between.
 */
export async function startBulkAction(
  database: Database,
  { input: { work, target }, projectId, startedBy, now }: Start,
): Promise<StartedBulkAction> {
  const action = { projectId, work, startedBy, now }
  if ('ids' in target) {
    const started = await database.transaction(async (trx) => {
      const calls = await listCallStandings(trx, { ids: target.ids, projectId })
      const callIds = calls.map(({ id }) => id)
      const named = { ...action, target: null, totalCount: callIds.length }
      return begin(trx, { action: named, callIds })
    })
    return { kind: 'started', action: started }
  }
  const read = readSelection(target.matching, { projectId, now })
  if (!read.ok) return { kind: 'unreadable-filter', issues: read.issues }
  const totalCount = await countCalls(database, read.query)
  const matching = { ...action, target: target.matching satisfies CallSelection, totalCount }
  const started = await database.transaction((trx) => begin(trx, { action: matching, callIds: [] }))
  return { kind: 'started', action: started }
}

async function begin(
  trx: Transaction<Tables>,
  { action, callIds }: { action: NewBulkAction; callIds: readonly number[] },
): Promise<BulkActionRecord> {
  const { now, startedBy, work, totalCount } = action
  const started = await insertBulkAction(trx, action)
  const { id } = started
  await addCallsToAction(trx, { id, callIds })
  if (started.target !== null) await enqueueSettling(trx, { payload: { bulkActionId: id }, now })
  else await enqueueBulkAction(trx, { payload: { bulkActionId: id, direction: 'forward' }, now })
  const what = `start bulk action ${JSON.stringify(work)} on ${totalCount} calls`
  await recordAudit(trx, { now, actor: startedBy, action: what, subject: `bulk-action:${id}` })
  return started
}
