import type { Selectable, Transaction } from 'kysely'
import { z } from 'zod'
import { type BulkAction, BulkState, BulkWork } from '#contract/bulk-action.ts'
import { CallSelection } from '#contract/call.ts'
import type { Connection } from './database.ts'
import type { Tables } from './tables.ts'

/** How long a finished action can be looked at and undone. */
const KEEP_MS = 30 * 24 * 60 * 60_000

/**
 * A bulk action as it is kept. It walks its calls in the order of their ids; `reachedCallId` is how far it came, so
 * the place and what was changed up to there are always of one transaction.
 */
export type BulkActionRecord = {
  id: number
  projectId: number
  work: BulkWork
  /** Which calls, until they are settled; null from then on. */
  target: CallSelection | null
  state: BulkState
  totalCount: number
  doneCount: number
  skippedCount: number
  reachedCallId: number
  errorMessage: string | null
  startedBy: string
  createdAt: number
  finishedAt: number | null
}

/** What an action changed on one call, to take it back. `review`: the call's history of reviews has the rest. */
export const CallChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('added-tags'), tags: z.array(z.string()) }),
  z.object({ kind: z.literal('took-tags'), tags: z.array(z.string()) }),
  z.object({ kind: z.literal('review') }),
])
export type CallChange = z.infer<typeof CallChange>

export type NewBulkAction = {
  projectId: number
  work: BulkWork
  target: CallSelection | null
  totalCount: number
  startedBy: string
  now: number
}

export async function insertBulkAction(
  trx: Transaction<Tables>,
  action: NewBulkAction,
): Promise<BulkActionRecord> {
  const row = await trx
    .insertInto('bulk_action')
    .values({
      project_id: action.projectId,
      work: JSON.stringify(action.work),
      target: action.target && JSON.stringify(action.target),
      state: 'running',
      total_count: action.totalCount,
      done_count: 0,
      skipped_count: 0,
      error_message: null,
      started_by: action.startedBy,
      created_at: action.now,
      finished_at: null,
    })
    .returning(ACTION_COLUMNS)
    .executeTakeFirstOrThrow()
  return toRecord(row)
}

/** Null if there is no such action in the project; `projectId` null looks in every project. */
export async function findBulkAction(
  db: Connection,
  { id, projectId }: { id: number; projectId: number | null },
): Promise<BulkActionRecord | null> {
  let query = db.selectFrom('bulk_action').select(ACTION_COLUMNS).where('id', '=', id)
  if (projectId !== null) query = query.where('project_id', '=', projectId)
  const row = await query.executeTakeFirst()
  return row ? toRecord(row) : null
}

/** Newest first, at most 20. */
export async function listBulkActions(
  db: Connection,
  projectId: number,
): Promise<BulkActionRecord[]> {
  const rows = await db
    .selectFrom('bulk_action')
    .select(ACTION_COLUMNS)
    .where('project_id', '=', projectId)
    .orderBy('id', 'desc')
    .limit(20)
    .execute()
  return rows.map(toRecord)
}

/** Moves an action to another state; `finishedAt` null while it goes on. */
export async function setBulkState(
  trx: Transaction<Tables>,
  {
    id,
    state,
    errorMessage = null,
    finishedAt,
  }: { id: number; state: BulkState; errorMessage?: string | null; finishedAt: number | null },
): Promise<void> {
  await trx
    .updateTable('bulk_action')
    .set({ state, error_message: errorMessage, finished_at: finishedAt })
    .where('id', '=', id)
    .execute()
}

/** What goes on will not go further; what has ended stays as it ended. */
export async function failBulkAction(
  trx: Transaction<Tables>,
  { id, message, now }: { id: number; message: string; now: number },
): Promise<void> {
  await trx
    .updateTable('bulk_action')
    .set({ state: 'failed', error_message: message, finished_at: now })
    .where('id', '=', id)
    .where('state', 'in', ['running', 'undoing'])
    .execute()
}

/** Names calls that the action is about. The caller knows that they are the project's, and new to the action. */
export async function addCallsToAction(
  trx: Transaction<Tables>,
  { id, callIds }: { id: number; callIds: readonly number[] },
): Promise<void> {
  if (callIds.length === 0) return
  await trx
    .insertInto('bulk_action_call')
    .values(callIds.map((callId) => ({ bulk_action_id: id, call_id: callId, before: null })))
    .execute()
}

/** Forgets some of the calls of an action, at most `limit`. False once there are none. */
export async function removeSomeCallsOfAction(
  db: Connection,
  { id, limit }: { id: number; limit: number },
): Promise<boolean> {
  const result = await db
    .deleteFrom('bulk_action_call')
    .where('bulk_action_id', '=', id)
    .where('call_id', 'in', (eb) =>
      eb
        .selectFrom('bulk_action_call as other')
        .select('other.call_id')
        .where('other.bulk_action_id', '=', id)
        .orderBy('other.call_id')
        .limit(limit),
    )
    .executeTakeFirst()
  return result.numDeletedRows > 0n
}

/** From now on the action is about the calls that were named, and no others. */
export async function finishSettling(
  trx: Transaction<Tables>,
  { id, totalCount }: { id: number; totalCount: number },
): Promise<void> {
  await trx
    .updateTable('bulk_action')
    .set({ target: null, total_count: totalCount })
    .where('id', '=', id)
    .execute()
}

/** The next calls of an action behind a place, in the order of their ids. */
export async function listCallsToDo(
  db: Connection,
  { id, after, limit }: { id: number; after: number; limit: number },
): Promise<number[]> {
  const rows = await db
    .selectFrom('bulk_action_call')
    .select('call_id')
    .where('bulk_action_id', '=', id)
    .where('call_id', '>', after)
    .orderBy('call_id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.call_id)
}

/** The calls up to a place and what was changed on them, the last one first; null where nothing was. */
export async function listCallsDone(
  db: Connection,
  { id, upTo, limit }: { id: number; upTo: number; limit: number },
): Promise<{ callId: number; change: CallChange | null }[]> {
  const rows = await db
    .selectFrom('bulk_action_call')
    .select(['call_id', 'before'])
    .where('bulk_action_id', '=', id)
    .where('call_id', '<=', upTo)
    .orderBy('call_id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ call_id, before }) => ({
    callId: call_id,
    change: before === null ? null : CallChange.parse(JSON.parse(before)),
  }))
}

/** Keeps what was changed on a call. */
export async function keepChange(
  trx: Transaction<Tables>,
  { id, callId, change }: { id: number; callId: number; change: CallChange },
): Promise<void> {
  await trx
    .updateTable('bulk_action_call')
    .set({ before: JSON.stringify(change) })
    .where('bulk_action_id', '=', id)
    .where('call_id', '=', callId)
    .execute()
}

/** Moves an action to a place; the counts change by the given numbers, which are negative on the way back. */
export async function moveAction(
  trx: Transaction<Tables>,
  step: { id: number; reachedCallId: number; doneCount: number; skippedCount: number },
): Promise<void> {
  await trx
    .updateTable('bulk_action')
    .set((eb) => ({
      reached_call_id: step.reachedCallId,
      done_count: eb('done_count', '+', step.doneCount),
      skipped_count: eb('skipped_count', '+', step.skippedCount),
    }))
    .where('id', '=', step.id)
    .execute()
}

/** An action that ended more than 30 days ago, in any project; null if there is none. */
export async function findOldBulkAction(db: Connection, now: number): Promise<number | null> {
  const row = await db
    .selectFrom('bulk_action')
    .select('id')
    .where('finished_at', '<', now - KEEP_MS)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

export async function deleteBulkAction(db: Connection, id: number): Promise<void> {
  await db.deleteFrom('bulk_action').where('id', '=', id).execute()
}

const ENDED: readonly BulkState[] = ['done', 'cancelled', 'failed']

/** Something was changed that can be taken back, and nothing goes on. */
export function canUndo({ work, state, doneCount, skippedCount }: BulkActionRecord): boolean {
  return work.kind !== 'rerun' && ENDED.includes(state) && doneCount > skippedCount
}

export function toBulkAction(action: BulkActionRecord): BulkAction {
  const { id, work, state, totalCount, doneCount, skippedCount, errorMessage, startedBy } = action
  return {
    id,
    work,
    state,
    totalCount,
    doneCount,
    skippedCount,
    canUndo: canUndo(action),
    errorMessage,
    startedBy,
    createdAt: new Date(action.createdAt).toISOString(),
    finishedAt: action.finishedAt === null ? null : new Date(action.finishedAt).toISOString(),
  }
}

const ACTION_COLUMNS = [
  'id',
  'project_id',
  'work',
  'target',
  'state',
  'total_count',
  'done_count',
  'skipped_count',
  'reached_call_id',
  'error_message',
  'started_by',
  'created_at',
  'finished_at',
] as const

type ActionRow = Pick<Selectable<Tables['bulk_action']>, (typeof ACTION_COLUMNS)[number]>

function toRecord(row: ActionRow): BulkActionRecord {
  return {
    id: row.id,
    projectId: row.project_id,
    work: BulkWork.parse(JSON.parse(row.work)),
    target: row.target === null ? null : CallSelection.parse(JSON.parse(row.target)),
    state: BulkState.parse(row.state),
    totalCount: row.total_count,
    doneCount: row.done_count,
    skippedCount: row.skipped_count,
    reachedCallId: row.reached_call_id,
    errorMessage: row.error_message,
    startedBy: row.started_by,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  }
}
