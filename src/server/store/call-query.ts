import {
  type Expression,
  type ExpressionBuilder,
  type RawBuilder,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
} from 'kysely'
import { z } from 'zod'
import { CallSortKey, NEWEST_FIRST, parseCallSort, sortedMetric } from '#contract/call.ts'
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
  /** By the numbers that a metric gave; calls without one come last both ways. */
  | MetricOrder

type MetricOrder = { kind: 'metric'; metricId: number; direction: 'asc' | 'desc' }

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
  const metricId = sortedMetric(key)
  if (metricId !== null) return { kind: 'metric', metricId, direction }
  const column = CallSortKey.exclude(['relevance']).safeParse(key).data
  if (column !== undefined) return { kind: 'column', key: column, direction }
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

/** Where to look for a page of a query. */
export type PageInput = {
  query: CallQuery
  cursor: string | null
  from?: Candidates | null
  /** The ids that can be among `from`. */
  range?: IdRange | undefined
}

/**
 * The calls of a query in its order, from behind the cursor on. In the order of a metric all of them are sorted: pages
 * of it are read as `metricPage` has them.
 */
export function orderedPage(database: Database, { query, cursor, from = null, range }: PageInput) {
  const order = orderOf(query)
  const place = cursor === null ? null : parseCursor(cursor, order)
  if (order.kind === 'relevance') return rankedPage(database, { query, order, place })
  if (order.kind === 'metric') return sortedByMetric(database, { query, order, from })
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

/**
 * A page in the order of a metric, in two parts, of which the second goes on where the first ends: an index has the
 * calls with a number in their order, and the others are those that it does not have. `scored` is null where the cursor
 * is already among the others. Null for another order.
 */
export function metricPage(database: Database, input: PageInput) {
  const order = orderOf(input.query)
  if (order.kind !== 'metric') return null
  const place = input.cursor === null ? null : parseCursor(input.cursor, order)
  const part = { ...input, order, place }
  return {
    scored: place !== null && place.value === null ? null : scoredPart(database, part),
    others: otherPart(database, { ...part, place: place?.value === null ? place : null }),
  }
}

type MetricPart = PageInput & { order: MetricOrder; place: Place | null }

function scoredPart(database: Database, { query, order, place, from = null, range }: MetricPart) {
  const { direction } = order
  // A cross join keeps its order in SQLite: the index is walked, and each call looked up; few calls come first themselves.
  const calls =
    from === null
      ? database.reader
          .selectFrom('verdict as placed')
          .crossJoin('call')
          .where(sql<SqlBool>`placed.metric_id = ${orderingMetric(query, order)}
            and placed.is_current = 1 and placed.score is not null
            and call.id = placed.call_id`)
      : callsFrom(database, from).crossJoin('verdict as placed').where(isScoreOfCall(query, order))
  const ordered = (calls as unknown as CallsBuilder)
    .where((eb) => eb.and([isOfProject(eb, query), ...matches(eb, { database, query, range })]))
    .select(sql<string | number | null>`placed.score`.as('place'))
    .orderBy(sql`placed.score`, direction)
    .orderBy(sql`placed.call_id`, direction)
  if (place === null) return ordered
  const behind = sql.raw(direction === 'asc' ? '>' : '<')
  return ordered.where(
    sql<SqlBool>`(placed.score, placed.call_id) ${behind} (${place.value}, ${place.id})`,
  )
}

function otherPart(database: Database, { query, order, place, from = null, range }: MetricPart) {
  const ordered = callsFrom(database, from)
    .where(database.dialect.stopsWhenUnwanted('call.id'))
    // The table is walked by id: no index of a project has its calls in that order.
    .where((eb) => eb.and([holds(eb, isOfProject(eb, query)), eb('call.id', '>', 0)]))
    .where((eb) => eb.and(matches(eb, { database, query, range })))
    .where(sql<SqlBool>`not exists (${scoreOfCall(query, order)})`)
    .select(sql<string | number | null>`null`.as('place'))
    .orderBy('call.id', order.direction)
  if (place === null) return ordered
  return ordered.where('call.id', order.direction === 'asc' ? '>' : '<', place.id)
}

function sortedByMetric(
  database: Database,
  { query, order, from = null }: { query: CallQuery; order: MetricOrder; from: Candidates | null },
) {
  const { direction } = order
  return callsFrom(database, from)
    .where((eb) => eb.and([isOfProject(eb, query), ...matches(eb, { database, query })]))
    .select(sql<string | number | null>`(${scoreOfCall(query, order)})`.as('place'))
    .orderBy('place', (by) => (direction === 'asc' ? by.asc() : by.desc()).nullsLast())
    .orderBy('call.id', direction)
}

function scoreOfCall(query: CallQuery, order: MetricOrder): RawBuilder<number> {
  return sql<number>`
    select placed.score from verdict as placed where ${isScoreOfCall(query, order)}`
}

/** Looked up by call and metric: what is opaque must not lead SQLite through all numbers of the metric. */
function isScoreOfCall(query: CallQuery, order: MetricOrder): RawBuilder<SqlBool> {
  return sql<SqlBool>`placed.call_id = call.id
    and placed.metric_id = ${orderingMetric(query, order)}
    and ((placed.is_current = 1 and placed.score is not null) is true)`
}

/** Null for a metric that was deleted, or is another project's: then no call has a number of it. */
function orderingMetric(
  { projectId }: CallQuery,
  { metricId }: MetricOrder,
): RawBuilder<number | null> {
  return sql`(
    select metric.id from metric
    where metric.id = ${metricId} and metric.project_id = ${projectId} and metric.deleted_at is null)`
}

/** The first `size` calls of the list's order, behind the cursor, whether or not the filter lets them through. */
export function windowOf(
  database: Database,
  { query, cursor, size }: { query: CallQuery; cursor: string | null; size: number },
): Candidates {
  const { search: _, filter: __, ...all } = query
  const order = orderOf(query)
  if (order.kind === 'metric') return metricWindow(database, { query: all, cursor, size })
  const column = order.kind === 'column' ? COLUMN[order.key] : null
  const walked = orderedPage(database, { query: all, cursor })
    .where((eb) => (column === null ? eb.lit(true) : boundsOf(eb, { database, query, column })))
    .limit(size)
  return walked.select('call.id')
}

/** Of the part in which the cursor is: what lies behind it is looked for otherwise. */
function metricWindow(
  database: Database,
  { query, cursor, size }: { query: CallQuery; cursor: string | null; size: number },
): Candidates {
  const page = metricPage(database, { query, cursor })
  if (page === null) throw new Error(`${query.sort} is not the order of a metric.`)
  return (page.scored ?? page.others).limit(size).select('call.id')
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
  const key = order.kind === 'metric' ? `metric:${order.metricId}` : order.key
  return order.direction === 'desc' ? `-${key}` : key
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
