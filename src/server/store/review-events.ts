import type { Selectable, Transaction } from 'kysely'
import type { Connection } from './database.ts'
import type { Tables } from './tables.ts'

type Row = Selectable<Tables['review_event']>

/** One thing a person did to a call. `body` is what was set and what stood before, in the words of its kind. */
export type StoredEvent = {
  id: number
  callId: number
  kind: Row['kind']
  reviewer: string
  body: unknown
  /** Null: a person did it to this one call. */
  bulkActionId: number | null
  metricId: number | null
  undoesId: number | null
  createdAt: number
}

const COLUMNS = [
  'id',
  'call_id',
  'kind',
  'reviewer',
  'body',
  'bulk_action_id',
  'metric_id',
  'undoes_id',
  'created_at',
] as const

type NewEvent = Pick<StoredEvent, 'callId' | 'kind' | 'reviewer' | 'body'> &
  Partial<Pick<StoredEvent, 'bulkActionId' | 'metricId' | 'undoesId'>> & { now: number }

/** Gives its id. To be called in the transaction that writes what came of it. */
export async function insertReviewEvent(
  trx: Transaction<Tables>,
  event: NewEvent,
): Promise<number> {
  const { id } = await trx
    .insertInto('review_event')
    .values({
      call_id: event.callId,
      kind: event.kind,
      reviewer: event.reviewer,
      body: JSON.stringify(event.body),
      bulk_action_id: event.bulkActionId ?? null,
      metric_id: event.metricId ?? null,
      undoes_id: event.undoesId ?? null,
      created_at: event.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** All of a call, oldest first: what stands can only be told from every one. */
export async function listReviewEvents(db: Connection, callId: number): Promise<StoredEvent[]> {
  const rows = await db
    .selectFrom('review_event')
    .select(COLUMNS)
    .where('call_id', '=', callId)
    .orderBy('id')
    .execute()
  return rows.map(toEvent)
}

/** Null if there is no such event on a call of the project. */
export async function findReviewEvent(
  db: Connection,
  { id, projectId }: { id: number; projectId: number },
): Promise<StoredEvent | null> {
  const row = await db
    .selectFrom('review_event')
    .innerJoin('call', 'call.id', 'review_event.call_id')
    .select(COLUMNS.map((name) => `review_event.${name}` as const))
    .where('review_event.id', '=', id)
    .where('call.project_id', '=', projectId)
    .executeTakeFirst()
  return row ? toEvent(row) : null
}

function toEvent(row: Row): StoredEvent {
  return {
    id: row.id,
    callId: row.call_id,
    kind: row.kind,
    reviewer: row.reviewer,
    body: JSON.parse(row.body),
    bulkActionId: row.bulk_action_id,
    metricId: row.metric_id,
    undoesId: row.undoes_id,
    createdAt: row.created_at,
  }
}

/** Which of these events others of them took back, one by one or with their bulk action. */
export function undoneEvents(events: readonly StoredEvent[]): Set<number> {
  const undos = events.filter(({ kind }) => kind === 'undo')
  const single = new Set(undos.map(({ undoesId }) => undoesId))
  const actions = new Set(undos.map(({ bulkActionId }) => bulkActionId))
  const undone = events.filter(
    ({ id, kind, bulkActionId }) =>
      kind !== 'undo' && (single.has(id) || (bulkActionId !== null && actions.has(bulkActionId))),
  )
  return new Set(undone.map(({ id }) => id))
}
