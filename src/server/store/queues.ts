import type { Expression, ExpressionBuilder, Selectable, SqlBool, Transaction } from 'kysely'
import type { CallSelection } from '#contract/call.ts'
import {
  QUEUE_LOCK_SECONDS,
  type QueueInput,
  type QueueItem,
  type QueueSummary,
  type ReviewQueue,
} from '#contract/review-queue.ts'
import type { Connection, Database } from './database.ts'
import type { Tables } from './tables.ts'

/** How long a deleted queue can be restored. */
const KEEP_DELETED_MS = 30 * 24 * 60 * 60_000

/** Each row takes some ten bound values, of which a statement has room for some 30,000. */
const ROWS_AT_ONCE = 500

const MOST_QUEUES = 100

/** A call as a queue is made with it. */
export type DrawnCall = { callId: number; isControl: boolean }

type NewQueue = Pick<QueueInput, 'name' | 'reason' | 'isBlind' | 'assignee'> & {
  projectId: number
  selection: CallSelection
  calls: readonly DrawnCall[]
  createdBy: string
  now: number
}

/** Keeps a queue with its calls in their order, and gives its id. Calls that are gone meanwhile are left out. */
export async function insertQueue(trx: Transaction<Tables>, queue: NewQueue): Promise<number> {
  const { id } = await trx
    .insertInto('review_queue')
    .values({
      project_id: queue.projectId,
      name: queue.name,
      reason: queue.reason,
      selection: JSON.stringify(queue.selection),
      is_blind: Number(queue.isBlind),
      assignee: queue.assignee,
      created_by: queue.createdBy,
      created_at: queue.now,
      deleted_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await insertCalls(trx, { id, queue })
  return id
}

async function insertCalls(
  trx: Transaction<Tables>,
  { id, queue: { calls, projectId } }: { id: number; queue: NewQueue },
): Promise<void> {
  let position = 1
  for (let start = 0; start < calls.length; start += ROWS_AT_ONCE) {
    const batch = calls.slice(start, start + ROWS_AT_ONCE)
    const callIds = batch.map(({ callId }) => callId)
    const rows = await trx
      .selectFrom('call')
      .select('id')
      .where('id', 'in', callIds)
      .where('project_id', '=', projectId)
      .execute()
    const known = new Set(rows.map((row) => row.id))
    const values = batch
      .filter(({ callId }) => known.has(callId))
      .map(({ callId, isControl }) => ({
        ...UNTOUCHED,
        queue_id: id,
        position: position++,
        call_id: callId,
        is_control: Number(isControl),
      }))
    if (values.length > 0) await trx.insertInto('review_queue_call').values(values).execute()
  }
}

const UNLOCKED = { locked_by: '', lock_session: '', locked_until: 0 } as const
const UNTOUCHED = {
  ...UNLOCKED,
  skipped_at: null,
  opened_at: null,
  done_at: null,
  done_by: '',
} as const

type QueuePlace = { id: number; projectId: number; now: number }

/** Newest first, at most 100. Counts every call of each; rejects as `SlowReader.run` does. */
export async function listQueues(
  { reader, slow, dialect }: Pick<Database, 'reader' | 'slow' | 'dialect'>,
  { projectId, now, signal }: Omit<QueuePlace, 'id'> & { signal?: AbortSignal | undefined },
): Promise<ReviewQueue[]> {
  const counted = countedQueues(reader, now)
    .where(dialect.stopsWhenUnwanted('item.call_id'))
    .where('review_queue.project_id', '=', projectId)
    .where('review_queue.deleted_at', 'is', null)
    .orderBy('review_queue.id', 'desc')
    .limit(MOST_QUEUES)
  const rows = await slow.run(counted, { signal, urgency: 'page' })
  return rows.map(toReviewQueue)
}

/** Null if there is none in the project, or it was deleted. */
export async function findQueue(
  db: Connection,
  { id, projectId, now }: QueuePlace,
): Promise<ReviewQueue | null> {
  const row = await countedQueues(db, now)
    .where('review_queue.id', '=', id)
    .where('review_queue.project_id', '=', projectId)
    .where('review_queue.deleted_at', 'is', null)
    .executeTakeFirst()
  return row ? toReviewQueue(row) : null
}

/** One statement sees one moment, so that what is done, locked and left add up. */
function countedQueues(db: Connection, now: number) {
  return db
    .selectFrom('review_queue')
    .leftJoin('review_queue_call as item', 'item.queue_id', 'review_queue.id')
    .select([
      'review_queue.id',
      'review_queue.name',
      'review_queue.reason',
      'review_queue.is_blind',
      'review_queue.assignee',
      'review_queue.created_by',
      'review_queue.created_at',
    ])
    .select(({ fn }) => [
      fn.count<number>('item.call_id').as('total'),
      fn.count<number>('item.done_at').as('done'),
      fn
        .count<number>('item.call_id')
        .filterWhere('item.done_at', 'is', null)
        .filterWhere('item.locked_until', '>=', now)
        .as('locked'),
      fn.count<number>('item.skipped_at').filterWhere('item.done_at', 'is', null).as('skipped'),
    ])
    .groupBy('review_queue.id')
}

type CountedRow = Awaited<ReturnType<ReturnType<typeof countedQueues>['executeTakeFirstOrThrow']>>

function toReviewQueue(row: CountedRow): ReviewQueue {
  return {
    id: row.id,
    name: row.name,
    reason: row.reason,
    isBlind: row.is_blind === 1,
    assignee: row.assignee,
    totalCount: Number(row.total),
    doneCount: Number(row.done),
    lockedCount: Number(row.locked),
    skippedCount: Number(row.skipped),
    createdBy: row.created_by,
    createdAt: new Date(row.created_at).toISOString(),
  }
}

/** Hides a queue until it is restored, and purges what nobody can restore any more. False if there is none. */
export async function markQueueDeleted(
  trx: Transaction<Tables>,
  { id, projectId, now }: QueuePlace,
): Promise<boolean> {
  await trx
    .deleteFrom('review_queue')
    .where('deleted_at', '<', now - KEEP_DELETED_MS)
    .execute()
  const result = await trx
    .updateTable('review_queue')
    .set({ deleted_at: now })
    .where('id', '=', id)
    .where('project_id', '=', projectId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Brings a deleted queue back; one that is there stays as it is. */
export async function unmarkQueueDeleted(
  trx: Transaction<Tables>,
  { id, projectId, now }: QueuePlace,
): Promise<void> {
  await trx
    .updateTable('review_queue')
    .set({ deleted_at: null })
    .where('id', '=', id)
    .where('project_id', '=', projectId)
    .where('deleted_at', '>=', now - KEEP_DELETED_MS)
    .execute()
}

/** Of the calls that are done: how they stand now, and how long they were open. */
export async function summariseQueue(db: Connection, queueId: number): Promise<QueueSummary> {
  const row = await db
    .selectFrom('review_queue_call as item')
    .innerJoin('call', 'call.id', 'item.call_id')
    .select(({ fn, eb }) => [
      fn.countAll<number>().as('done'),
      fn.count<number>('call.id').filterWhere('call.status', '=', 'reviewed_success').as('success'),
      fn.count<number>('call.id').filterWhere('call.status', '=', 'reviewed_failure').as('failure'),
      fn.sum<number | null>(eb('item.done_at', '-', eb.ref('item.opened_at'))).as('spentMs'),
    ])
    .where('item.queue_id', '=', queueId)
    .where('item.done_at', 'is not', null)
    .executeTakeFirstOrThrow()
  return {
    doneCount: Number(row.done),
    successCount: Number(row.success),
    failureCount: Number(row.failure),
    spentSeconds: Number(row.spentMs ?? 0) / 1000,
  }
}

/** Who works on a queue. `session` tells the windows of one person apart. */
export type Seat = { queue: ReviewQueue; reviewer: string; session: string; now: number }

/**
 * Gives out the first call that is not done and that nobody else has open, those that were put off last, and locks it.
 * Null where none is left for this reviewer. One transaction at a time writes, so no two get the same.
 */
export async function takeNextCall(
  trx: Transaction<Tables>,
  seat: Seat,
): Promise<QueueItem | null> {
  const callId = await findUpcoming(trx, { seat, notCallId: null })
  return callId === null ? null : openQueueItem(trx, { ...seat, callId })
}

/**
 * Locks a call of the queue for this seat, or renews its lock; what is done, somebody else has open, or is assigned to
 * somebody else is only read. Null if the queue has no such call.
 */
export async function openQueueItem(
  trx: Transaction<Tables>,
  { callId, ...seat }: Seat & { callId: number },
): Promise<QueueItem | null> {
  const row = await findRow(trx, { queueId: seat.queue.id, callId })
  if (!row) return null
  if (row.done_at === null && isAnswerable(row, seat)) {
    await trx
      .updateTable('review_queue_call')
      .set({
        locked_by: seat.reviewer,
        lock_session: seat.session,
        locked_until: seat.now + QUEUE_LOCK_SECONDS * 1000,
        // Whose lock has ended was away: that time is not spent on the call.
        ...(!isHeldBy(row, seat) && { opened_at: seat.now }),
      })
      .where('queue_id', '=', seat.queue.id)
      .where('call_id', '=', callId)
      .execute()
  }
  return findQueueItem(trx, { ...seat, callId })
}

type ClosingOf = 'done' | 'skipped' | 'released' | 'reopened'

export type ClosedItem =
  | { kind: 'closed'; item: QueueItem }
  | { kind: 'not-found' }
  | { kind: 'refused'; message: string }

/** Ends the work on a call, which is free from then on. What is done already keeps who did it, and when. */
export async function closeQueueItem(
  trx: Transaction<Tables>,
  { callId, as, ...seat }: Seat & { callId: number; as: ClosingOf },
): Promise<ClosedItem> {
  const row = await findRow(trx, { queueId: seat.queue.id, callId })
  if (!row) return { kind: 'not-found' }
  if (!isAnswerable(row, seat)) return { kind: 'refused', message: refusalOf(row, seat) }
  await trx
    .updateTable('review_queue_call')
    .set({ ...UNLOCKED, ...changeOf(as, { row, seat }) })
    .where('queue_id', '=', seat.queue.id)
    .where('call_id', '=', callId)
    .execute()
  const item = await findQueueItem(trx, { ...seat, callId })
  return item ? { kind: 'closed', item } : { kind: 'not-found' }
}

function changeOf(as: ClosingOf, { row, seat }: { row: ItemRow; seat: Seat }) {
  switch (as) {
    case 'done':
      return row.done_at === null ? { done_at: seat.now, done_by: seat.reviewer } : {}
    case 'skipped':
      return { skipped_at: seat.now }
    case 'released':
      return {}
    case 'reopened':
      return { done_at: null, done_by: '' }
    default:
      return as satisfies never
  }
}

function refusalOf(row: ItemRow, seat: Seat): string {
  const { assignee } = seat.queue
  if (!isFor(seat)) return `This queue is assigned to ${assignee}; you are ${seat.reviewer}.`
  return `${row.locked_by} has this call open. It is free once they leave it.`
}

const ITEM_COLUMNS = [
  'queue_id',
  'position',
  'call_id',
  'done_at',
  'locked_by',
  'lock_session',
  'locked_until',
] as const

type ItemRow = Pick<Selectable<Tables['review_queue_call']>, (typeof ITEM_COLUMNS)[number]>

function findRow(
  db: Connection,
  { queueId, callId }: { queueId: number; callId: number },
): Promise<ItemRow | undefined> {
  return db
    .selectFrom('review_queue_call')
    .select(ITEM_COLUMNS)
    .where('queue_id', '=', queueId)
    .where('call_id', '=', callId)
    .executeTakeFirst()
}

function isFor({ queue, reviewer }: Pick<Seat, 'queue' | 'reviewer'>): boolean {
  return queue.assignee === '' || queue.assignee.toLowerCase() === reviewer.toLowerCase()
}

function isLocked(row: ItemRow, now: number): boolean {
  return row.lock_session !== '' && row.locked_until >= now
}

function isHeldBy(row: ItemRow, { session, now }: Seat): boolean {
  return isLocked(row, now) && row.lock_session === session
}

function isAnswerable(row: ItemRow, seat: Seat): boolean {
  return isFor(seat) && (!isLocked(row, seat.now) || row.lock_session === seat.session)
}

/** A call of a queue as this seat has it; null if the queue has no such call. */
async function findQueueItem(
  db: Connection,
  { callId, ...seat }: Seat & { callId: number },
): Promise<QueueItem | null> {
  const row = await findRow(db, { queueId: seat.queue.id, callId })
  if (!row) return null
  return {
    queueId: row.queue_id,
    callId: row.call_id,
    position: await placeOf(db, row),
    reason: seat.queue.reason,
    isDone: row.done_at !== null,
    lockedBy: isLocked(row, seat.now) ? row.locked_by : '',
    isMine: isAnswerable(row, seat),
    previousCallId: await findBeside(db, { row, direction: 'previous' }),
    nextCallId: await findBeside(db, { row, direction: 'next' }),
    upcomingCallId: await findUpcoming(db, { seat, notCallId: callId }),
  }
}

/** Counted and not the stored number: where a call was deleted, the others move up. */
async function placeOf(db: Connection, row: ItemRow): Promise<number> {
  const { count } = await db
    .selectFrom('review_queue_call')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('queue_id', '=', row.queue_id)
    .where('position', '<=', row.position)
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function findBeside(
  db: Connection,
  { row, direction }: { row: ItemRow; direction: 'previous' | 'next' },
): Promise<number | null> {
  const beside = await db
    .selectFrom('review_queue_call')
    .select('call_id')
    .where('queue_id', '=', row.queue_id)
    .where('position', direction === 'next' ? '>' : '<', row.position)
    .orderBy('position', direction === 'next' ? 'asc' : 'desc')
    .limit(1)
    .executeTakeFirst()
  return beside?.call_id ?? null
}

async function findUpcoming(
  db: Connection,
  { seat, notCallId }: { seat: Seat; notCallId: number | null },
): Promise<number | null> {
  if (!isFor(seat)) return null
  let query = db
    .selectFrom('review_queue_call')
    .select('call_id')
    .where('queue_id', '=', seat.queue.id)
    .where('done_at', 'is', null)
    .where((eb) => isFree(eb, seat))
  if (notCallId !== null) query = query.where('call_id', '!=', notCallId)
  const row = await query
    .orderBy('skipped_at', (by) => by.asc().nullsFirst())
    .orderBy('position')
    .limit(1)
    .executeTakeFirst()
  return row?.call_id ?? null
}

function isFree(
  eb: ExpressionBuilder<Tables, 'review_queue_call'>,
  { session, now }: Seat,
): Expression<SqlBool> {
  return eb.or([eb('locked_until', '<', now), eb('lock_session', '=', session)])
}
