import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import { z } from 'zod'
import type { CallSortKey, CallStatusFilter, parseCallSort } from '#contract/call.ts'
import type { Database } from './database.ts'
import type { Tables } from './tables.ts'

/** Which calls, and in which order. Undefined means "any". */
export type CallQuery = {
  projectId: number
  sort: string
  search?: string | undefined
  status?: CallStatusFilter | undefined
  agentId?: number | undefined
  assistantId?: string | undefined
  ids?: readonly number[] | undefined
  /** The senders' own ids. */
  callIds?: readonly string[] | undefined
  success?: boolean | undefined
  startedFrom?: number | undefined
  startedTo?: number | undefined
}

type Sort = ReturnType<typeof parseCallSort>

const COLUMN = {
  startedAt: 'started_at',
  durationSeconds: 'duration_ms',
  status: 'status',
  agentName: 'agent_name',
  customerNumber: 'customer_number',
  endedReason: 'ended_reason',
  topic: 'topic',
} as const satisfies Record<CallSortKey, keyof Tables['call']>

/** The cursor belongs to another order, or is no cursor at all. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor'
}

/** The calls of a query, without an order. */
export function callsMatching(database: Database, query: CallQuery) {
  return database.reader.selectFrom('call').where((eb) => matches(eb, { database, query }))
}

/** The calls of a query in its order, from behind the cursor on. */
export function orderedPage(
  database: Database,
  { query, sort, cursor }: { query: CallQuery; sort: Sort; cursor: string | null },
) {
  const column = COLUMN[sort.key]
  const ordered = callsMatching(database, query)
    .orderBy(`call.${column}`, (order) =>
      sort.direction === 'asc' ? order.asc().nullsFirst() : order.desc().nullsLast(),
    )
    .orderBy('call.id', sort.direction)
  if (cursor === null) return ordered
  return ordered.where((eb) => isBehind(eb, { column, sort, place: parseCursor(cursor, sort) }))
}

type Builder = ExpressionBuilder<Tables, 'call'>

function matches(
  eb: Builder,
  { database, query }: { database: Database; query: CallQuery },
): Expression<SqlBool> {
  const conditions: Expression<SqlBool>[] = [eb('call.project_id', '=', query.projectId)]
  if (query.status !== undefined) conditions.push(hasStatus(eb, query.status))
  if (query.agentId !== undefined) conditions.push(eb('call.agent_id', '=', query.agentId))
  if (query.ids !== undefined) {
    conditions.push(query.ids.length === 0 ? eb.lit(false) : eb('call.id', 'in', query.ids))
  }
  if (query.callIds !== undefined) conditions.push(eb('call.call_id', 'in', query.callIds))
  if (query.success !== undefined) {
    conditions.push(eb('call.success', '=', Number(query.success)))
  }
  if (query.startedFrom !== undefined) {
    conditions.push(eb('call.started_at', '>=', query.startedFrom))
  }
  if (query.startedTo !== undefined) conditions.push(eb('call.started_at', '<=', query.startedTo))
  if (query.assistantId !== undefined) {
    const agents = eb
      .selectFrom('agent')
      .select('agent.id')
      .where('agent.assistant_id', '=', query.assistantId)
    conditions.push(eb('call.agent_id', 'in', agents))
  }
  const search = query.search?.trim()
  if (search) conditions.push(database.dialect.matchesText(database.reader, search))
  return eb.and(conditions)
}

/** As a reader sees it: a judge's verdict counts only where something was judged. */
function hasStatus(eb: Builder, status: CallStatusFilter): Expression<SqlBool> {
  const isJudged = (flag: 0 | 1) => eb('call.is_judged', '=', flag)
  if (status === 'not-evaluated') {
    return eb.and([eb('call.status', 'in', ['success', 'failure']), isJudged(0)])
  }
  const hasThis = eb('call.status', '=', status)
  const isVerdict = status === 'success' || status === 'failure'
  return isVerdict ? eb.and([hasThis, isJudged(1)]) : hasThis
}

type Place = { value: string | number | null; id: number }

/** Null comes first in ascending order and last in descending order, on every database. */
function isBehind(
  eb: Builder,
  { column, sort, place }: { column: (typeof COLUMN)[CallSortKey]; sort: Sort; place: Place },
): Expression<SqlBool> {
  const operator = sort.direction === 'asc' ? '>' : '<'
  const sameValue = eb.and([
    place.value === null
      ? eb(`call.${column}`, 'is', null)
      : eb(`call.${column}`, '=', place.value),
    eb('call.id', operator, place.id),
  ])
  if (column !== 'duration_ms') {
    return eb(
      eb.refTuple(`call.${column}`, 'call.id'),
      operator,
      eb.tuple(place.value ?? '', place.id),
    )
  }
  if (place.value === null) {
    return sort.direction === 'asc'
      ? eb.or([sameValue, eb('call.duration_ms', 'is not', null)])
      : sameValue
  }
  const further = eb('call.duration_ms', operator, Number(place.value))
  return sort.direction === 'asc'
    ? eb.or([sameValue, further])
    : eb.or([sameValue, further, eb('call.duration_ms', 'is', null)])
}

const Cursor = z.tuple([z.string(), z.union([z.string(), z.number(), z.null()]), z.number().int()])

/** Where a page ended, as opaque text for the next request. */
export function cursorOf(
  row: { id: number } & Pick<
    Record<(typeof COLUMN)[CallSortKey], string | number | null>,
    (typeof COLUMN)[CallSortKey]
  >,
  sort: Sort,
): string {
  const place = [sortText(sort), row[COLUMN[sort.key]], row.id]
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

function parseCursor(cursor: string, sort: Sort): Place {
  const parsed = Cursor.safeParse(readJson(Buffer.from(cursor, 'base64url').toString()))
  if (!parsed.success) throw new InvalidCursor('This is not a cursor of this list.')
  const [order, value, id] = parsed.data
  if (order !== sortText(sort)) {
    throw new InvalidCursor(`This cursor is for the order ${order}, not ${sortText(sort)}.`)
  }
  return { value, id }
}

function sortText(sort: Sort): string {
  return sort.direction === 'desc' ? `-${sort.key}` : sort.key
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
