import {
  type Expression,
  type ExpressionBuilder,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
} from 'kysely'
import { z } from 'zod'
import { type CallSortKey, NEWEST_FIRST, parseCallSort } from '#contract/call.ts'
import { type FilterGroup, isGroup } from '#contract/filter.ts'
import { askingNodes } from '#contract/filter-tree.ts'
import type { Database } from './database.ts'
import type { IdRange } from './dialect.ts'
import { type Candidates, columnBound, conjuncts } from './filter-candidates.ts'
import { filterExpression } from './filter-sql.ts'
import { holds } from './filter-values.ts'
import type { Tables } from './tables.ts'

/** Which calls, and in which order. Undefined means "any". */
export type CallQuery = {
  projectId: number
  sort: string
  /** What relative times of the filter count from, epoch ms. */
  now: number
  search?: string | undefined
  filter?: FilterGroup | undefined
  ids?: readonly number[] | undefined
}

/** `id`: as they arrived; asked for by the wire alone. */
type ColumnSortKey = Exclude<CallSortKey, 'relevance'> | 'id'

/** The order in which a query's calls really stand. */
export type CallOrder =
  | { kind: 'column'; key: ColumnSortKey; direction: 'asc' | 'desc' }
  /** Best first, and the newer one of two that fit as well. */
  | { kind: 'relevance'; search: string }

const COLUMN = {
  startedAt: 'started_at',
  durationSeconds: 'duration_ms',
  status: 'status',
  agentName: 'agent_name',
  customerNumber: 'customer_number',
  endedReason: 'ended_reason',
  topic: 'topic',
  id: 'id',
} as const satisfies Record<ColumnSortKey, keyof Tables['call']>

type SortColumn = (typeof COLUMN)[ColumnSortKey]

/** Only the newest of a search's calls are ranked: ranking reads every one of them. */
const MAX_RANKED = 20_000

/** The cursor belongs to another order, or is no cursor at all. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor'
}

export type CallsBuilder = SelectQueryBuilder<Tables, 'call', object>

/** Without a search there is nothing to rank by: the newest come first. */
export function orderOf({ sort, search }: Pick<CallQuery, 'sort' | 'search'>): CallOrder {
  if (sort === 'id' || sort === '-id') {
    return { kind: 'column', key: 'id', direction: sort === 'id' ? 'asc' : 'desc' }
  }
  const { key, direction } = parseCallSort(sort)
  if (key !== 'relevance') return { kind: 'column', key, direction }
  const text = search?.trim()
  if (text) return { kind: 'relevance', search: text }
  return orderOf({ sort: NEWEST_FIRST })
}

/**
 * The calls of a query, without an order. `from`: calls among which they all are, to look at no others. Without it
 * those of a filter or a search are looked for in the table as it lies: by way of an index each row would be
 * somewhere else, which costs five times as much.
 */
export function callsMatching(
  database: Database,
  query: CallQuery,
  from: Candidates | null = null,
): CallsBuilder {
  const inProject = (eb: Builder) =>
    isNarrowed(query)
      ? // Every id is: a bound on it makes SQLite walk the table even where an index has all the columns it needs.
        eb.and([holds(eb, isOfProject(eb, query)), eb('call.id', '>', 0)])
      : isOfProject(eb, query)
  return callsFrom(database, from).where((eb) =>
    eb.and([...matches(eb, { database, query }), inProject(eb)]),
  )
}

/** Whether a query asks for more than a project's calls in some order. */
export function isNarrowed({ search, filter }: CallQuery): boolean {
  return Boolean(search?.trim()) || (filter !== undefined && askingNodes(filter) !== null)
}

/** All calls of the query's project. */
export function projectCalls({ reader }: Database, query: CallQuery): Candidates {
  return reader
    .selectFrom('call')
    .select('call.id')
    .where((eb) => isOfProject(eb, query))
}

function callsFrom({ reader }: Database, from: Candidates | null): CallsBuilder {
  if (from === null) return reader.selectFrom('call')
  // Grouping sorts them as well: neighbours in the table are read together.
  const candidate = sql<{ id: number }>`(select id from (${from}) group by id)`.as<'candidate'>(
    sql.ref('candidate'),
  )
  // A cross join keeps its order in SQLite: the candidates are the outer loop.
  const joined = reader
    .selectFrom(candidate)
    .crossJoin('call')
    .where(sql<SqlBool>`call.id = candidate.id`)
  return joined
}

/** The calls of a query in its order, from behind the cursor on. */
export function orderedPage(
  database: Database,
  {
    query,
    cursor,
    from = null,
    range,
  }: {
    query: CallQuery
    cursor: string | null
    from?: Candidates | null
    /** The ids that can be among `from`. */
    range?: IdRange | undefined
  },
) {
  const order = orderOf(query)
  const place = cursor === null ? null : parseCursor(cursor, order)
  if (order.kind === 'relevance') return rankedPage(database, { query, order, place })
  const column = COLUMN[order.key]
  const ordered = callsFrom(database, from)
    .where((eb) => eb.and([isOfProject(eb, query), ...matches(eb, { database, query, range })]))
    .where((eb) => boundsOf(eb, { database, query, column }))
    .select(sql<string | number | null>`${sql.ref(`call.${column}`)}`.as('place'))
    .orderBy(`call.${column}`, (by) =>
      order.direction === 'asc' ? by.asc().nullsFirst() : by.desc().nullsLast(),
    )
    .orderBy('call.id', order.direction)
  if (place === null) return ordered
  return ordered.where((eb) => isBehind(eb, { column, direction: order.direction, place }))
}

/** The first `size` calls of the list's order, behind the cursor, whether or not the filter lets them through. */
export function windowOf(
  database: Database,
  { query, cursor, size }: { query: CallQuery; cursor: string | null; size: number },
): Candidates {
  const { search: _, filter: __, ...all } = query
  const order = orderOf(query)
  const column = order.kind === 'column' ? COLUMN[order.key] : null
  const walked = orderedPage(database, { query: all, cursor })
    .where((eb) => (column === null ? eb.lit(true) : boundsOf(eb, { database, query, column })))
    .limit(size)
  return walked.select('call.id')
}

/** What a filter says of the column that the list is ordered by, for SQLite to begin and end the walk there; lists are gaps. */
function boundsOf(
  eb: Builder,
  { database, query, column }: { database: Database; query: CallQuery; column: SortColumn },
): Expression<SqlBool> {
  const asking = query.filter === undefined ? null : askingNodes(query.filter)
  if (asking === null) return eb.lit(true)
  const { projectId, now } = query
  const context = { projectId, now, dialect: database.dialect }
  const bounds = conjuncts(asking).flatMap(
    (node) =>
      (isGroup(node) || node.op === 'in'
        ? null
        : columnBound(eb, { rule: node, column, context })) ?? [],
  )
  return eb.and(bounds)
}

function rankedPage(
  database: Database,
  { query, order, place }: { query: CallQuery; order: { search: string }; place: Place | null },
) {
  const ranked = sql<{
    id: number
    rank: number
  }>`(${database.dialect.rankText(order.search, { projectId: query.projectId, limit: MAX_RANKED })})`
  const { search: _, ...rest } = query
  const rank = sql<number>`candidate.rank`
  const joined = database.reader
    .selectFrom(ranked.as<'candidate'>(sql.ref('candidate')))
    .crossJoin('call')
    .where(sql<SqlBool>`call.id = candidate.id`) as unknown as CallsBuilder
  const ordered = joined
    .where((eb) => eb.and([isOfProject(eb, query), ...matches(eb, { database, query: rest })]))
    .select(sql<string | number | null>`candidate.rank`.as('place'))
    .orderBy(rank, 'asc')
    .orderBy('call.id', 'desc')
  if (place === null) return ordered
  return ordered.where((eb) =>
    eb.or([
      eb(rank, '>', Number(place.value)),
      eb.and([eb(rank, '=', Number(place.value)), eb('call.id', '<', place.id)]),
    ]),
  )
}

type Builder = ExpressionBuilder<Tables, 'call'>

function isOfProject(eb: Builder, { projectId }: CallQuery): Expression<SqlBool> {
  return eb('call.project_id', '=', projectId)
}

/** All that a query says of a call but its project. */
function matches(
  eb: Builder,
  { database, query, range }: { database: Database; query: CallQuery; range?: IdRange | undefined },
): Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = []
  if (query.ids !== undefined) {
    conditions.push(query.ids.length === 0 ? eb.lit(false) : eb('call.id', 'in', query.ids))
  }
  if (query.filter !== undefined) {
    const { filter, projectId, now } = query
    const { dialect } = database
    conditions.push(filterExpression(eb, { filter, projectId, now, dialect, range }))
  }
  const search = query.search?.trim()
  if (search) conditions.push(database.dialect.matchesText(database.reader, search, range))
  if (query.filter === undefined && !search) return conditions
  return [database.dialect.stopsWhenUnwanted('call.id'), ...conditions]
}

type Place = { value: string | number | null; id: number }

/** Null comes first in ascending order and last in descending order, on every database. */
function isBehind(
  eb: Builder,
  { column, direction, place }: { column: SortColumn; direction: 'asc' | 'desc'; place: Place },
): Expression<SqlBool> {
  const operator = direction === 'asc' ? '>' : '<'
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
    return direction === 'asc'
      ? eb.or([sameValue, eb('call.duration_ms', 'is not', null)])
      : sameValue
  }
  const further = eb('call.duration_ms', operator, Number(place.value))
  return direction === 'asc'
    ? eb.or([sameValue, further])
    : eb.or([sameValue, further, eb('call.duration_ms', 'is', null)])
}

const Cursor = z.tuple([z.string(), z.union([z.string(), z.number(), z.null()]), z.number().int()])

/** Where a page ended, as opaque text for the next request. */
export function cursorOf(
  row: { id: number; place: string | number | null },
  query: Pick<CallQuery, 'sort' | 'search'>,
): string {
  const place = [orderText(orderOf(query)), row.place, row.id]
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

function parseCursor(cursor: string, order: CallOrder): Place {
  const parsed = Cursor.safeParse(readJson(Buffer.from(cursor, 'base64url').toString()))
  if (!parsed.success) throw new InvalidCursor('This is not a cursor of this list.')
  const [text, value, id] = parsed.data
  if (text !== orderText(order)) {
    throw new InvalidCursor(`This cursor is for the order ${text}, not ${orderText(order)}.`)
  }
  return { value, id }
}

function orderText(order: CallOrder): string {
  if (order.kind === 'relevance') return 'relevance'
  return order.direction === 'desc' ? `-${order.key}` : order.key
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
