import type { Selectable, Transaction } from 'kysely'
import { z } from 'zod'
import { type BulkAction, BulkState, BulkWork } from '#contract/bulk-action.ts'
import { CallSelection } from '#contract/call.ts'
import type { Connection } from './database.ts'
import type { Tables } from './tables.ts'
import { usdOf } from './us-dollars.ts'

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
  /** Of a rerun: calls on which something broke, and what the judge took. */
  failedCount: number
  inputTokens: number
  outputTokens: number
  costMicroUsd: number
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

/** How many actions of a project go on. */
export async function countRunningBulkActions(db: Connection, projectId: number): Promise<number> {
  const row = await db
    .selectFrom('bulk_action')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('project_id', '=', projectId)
    .where('state', '=', 'running')
    .executeTakeFirst()
  return Number(row?.count ?? 0)
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

/** The next calls of an action behind a place, in the order of their ids; of a rerun those that did not end yet. */
export async function listCallsToDo(
  db: Connection,
  { id, after, limit }: { id: number; after: number; limit: number },
): Promise<number[]> {
  const rows = await db
    .selectFrom('bulk_action_call')
    .select('call_id')
    .where('bulk_action_id', '=', id)
    .where('call_id', '>', after)
    .where('outcome', 'is', null)
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

/** `costMicroUsd`: whole millionths of a US dollar; 0 also where no price is known. */
export type TakenOfJudge = { inputTokens: number; outputTokens: number; costMicroUsd: number }

/** How judging one call of a rerun ended. */
export type EndedCall = {
  /** The rerun. */
  id: number
  callId: number
  outcome: 'judged' | 'failed' | 'skipped'
  /** What broke, for people; null unless it failed. */
  errorMessage: string | null
  now: number
}

/**
 * Keeps how judging a call ended, and ends the rerun with its last call. Counts each call once: telling it again changes
 * nothing, and neither does a call that the action is not about.
 */
export async function endCallOfRun(trx: Transaction<Tables>, ended: EndedCall): Promise<void> {
  const { id, callId, outcome, errorMessage, now } = ended
  const told = await trx
    .updateTable('bulk_action_call')
    .set({ outcome, error_message: errorMessage })
    .where('bulk_action_id', '=', id)
    .where('call_id', '=', callId)
    .where('outcome', 'is', null)
    .executeTakeFirst()
  if (told.numUpdatedRows === 0n) return
  await trx
    .updateTable('bulk_action')
    .set((eb) => ({
      done_count: eb('done_count', '+', 1),
      skipped_count: eb('skipped_count', '+', outcome === 'skipped' ? 1 : 0),
      failed_count: eb('failed_count', '+', outcome === 'failed' ? 1 : 0),
    }))
    .where('id', '=', id)
    .execute()
  await endRunIfDone(trx, { id, now })
}

/** Ends a rerun that is settled and has all its calls behind it. */
export async function endRunIfDone(
  trx: Transaction<Tables>,
  { id, now }: { id: number; now: number },
): Promise<void> {
  await trx
    .updateTable('bulk_action')
    .set({ state: 'done', finished_at: now })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .where('target', 'is', null)
    .whereRef('done_count', '>=', 'total_count')
    .execute()
}

/** Ends a call that can no longer be judged in every rerun that waits for it. */
export async function skipCallInRuns(
  trx: Transaction<Tables>,
  { callId, now }: { callId: number; now: number },
): Promise<void> {
  for (const id of await listOpenRunsOfCall(trx, callId)) {
    await endCallOfRun(trx, { id, callId, outcome: 'skipped', errorMessage: null, now })
  }
}

/** Adds to what a rerun took of the judge, also one that ended meanwhile: it was paid for all the same. */
export async function chargeRun(
  trx: Transaction<Tables>,
  { id, ...took }: { id: number } & TakenOfJudge,
): Promise<void> {
  await trx
    .updateTable('bulk_action')
    .set((eb) => ({
      input_tokens: eb('input_tokens', '+', took.inputTokens),
      output_tokens: eb('output_tokens', '+', took.outputTokens),
      cost_micro_usd: eb('cost_micro_usd', '+', took.costMicroUsd),
    }))
    .where('id', '=', id)
    .execute()
}

/** The next calls behind a place on which a rerun failed, in the order of their ids. */
export async function listFailedCallIds(
  db: Connection,
  { id, after = 0, limit }: { id: number; after?: number; limit: number },
): Promise<number[]> {
  const rows = await db
    .selectFrom('bulk_action_call')
    .select('call_id')
    .where('bulk_action_id', '=', id)
    .where('outcome', '=', 'failed')
    .where('call_id', '>', after)
    .orderBy('call_id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.call_id)
}

/** True while a rerun goes on and waits for this call. */
export async function isCallOfRunOpen(
  db: Connection,
  { id, callId }: { id: number; callId: number },
): Promise<boolean> {
  return (await listOpenCallsOfRun(db, { id, callIds: [callId] })).length > 0
}

/** Those of the given calls that a rerun waits for while it goes on, in the order of their ids. */
export async function listOpenCallsOfRun(
  db: Connection,
  { id, callIds }: { id: number; callIds: readonly number[] },
): Promise<number[]> {
  if (callIds.length === 0) return []
  const rows = await openCalls(db)
    .where('bulk_action_call.bulk_action_id', '=', id)
    .where('bulk_action_call.call_id', 'in', callIds)
    .orderBy('bulk_action_call.call_id')
    .execute()
  return rows.map((row) => row.call_id)
}

/** The reruns that go on and wait for a call, in the order in which they began. */
export async function listOpenRunsOfCall(db: Connection, callId: number): Promise<number[]> {
  const rows = await openCalls(db)
    .select('bulk_action.work')
    .where('bulk_action_call.call_id', '=', callId)
    .orderBy('bulk_action_call.bulk_action_id')
    .execute()
  const runs = rows.filter(({ work }) => BulkWork.parse(JSON.parse(work)).kind === 'rerun')
  return runs.map((row) => row.bulk_action_id)
}

function openCalls(db: Connection) {
  return db
    .selectFrom('bulk_action_call')
    .innerJoin('bulk_action', 'bulk_action.id', 'bulk_action_call.bulk_action_id')
    .select(['bulk_action_call.call_id', 'bulk_action_call.bulk_action_id'])
    .where('bulk_action_call.outcome', 'is', null)
    .where('bulk_action.state', '=', 'running')
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
  const { failedCount, inputTokens, outputTokens, costMicroUsd } = action
  return {
    id,
    work,
    state,
    totalCount,
    doneCount,
    skippedCount,
    failedCount,
    inputTokens,
    outputTokens,
    costUsd: costMicroUsd > 0 ? usdOf(costMicroUsd) : null,
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
  'failed_count',
  'input_tokens',
  'output_tokens',
  'cost_micro_usd',
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
    failedCount: row.failed_count,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    costMicroUsd: row.cost_micro_usd,
    reachedCallId: row.reached_call_id,
    errorMessage: row.error_message,
    startedBy: row.started_by,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  }
}
