import { type Expression, expressionBuilder, type RawBuilder, sql } from 'kysely'
import { type FilterNode, isGroup } from '#contract/filter.ts'
import { askingNodes } from '#contract/filter-tree.ts'
import {
  type CallQuery,
  isNarrowed,
  metricPage,
  orderedPage,
  orderOf,
  type PageInput,
  projectCalls,
  windowOf,
} from './call-query.ts'
import type { Database } from './database.ts'
import type { IdRange } from './dialect.ts'
import { type Candidates, candidatesOf, conjuncts } from './filter-candidates.ts'
import type { ReadLimits } from './slow-reader.ts'
import type { Tables } from './tables.ts'

/*
 * SQLite keeps no figures of how often a value occurs or of what occurs together, so the way to the calls of a filter
 * is chosen here, by counting: see docs/decisions/0011-filters-choose-their-own-way.md.
 */

/** Counts of calls. */
export type Effort = {
  /** As many candidates are looked at one by one in about 20 ms. */
  few: number
  /** Walking the list's order, as many calls are tried before other ways are. */
  window: number
  /** Counting further costs more than it tells; a million take 40 ms. */
  many: number
}

const EFFORT: Effort = { few: 5_000, window: 1_000, many: 1_000_000 }

/** A filter can have 200 rules; the first ones tell enough. */
const MAX_COUNTED = 12

export const SLOW_READ_MS = 30_000

type PlaceRow = { id: number; place: string | number | null }

/** The page of a query can be long to find: `findPage` finds it, away from the thread that answers requests. */
export function needsSearch(query: CallQuery): boolean {
  return isNarrowed(query) || orderOf(query).kind === 'metric'
}

/** Ids of at most `limit` calls of a query that `needsSearch`, in its order. Rejects as `SlowReader.run` does. */
export async function findPage(
  database: Database,
  {
    query,
    cursor,
    limit,
    offset = 0,
    signal,
    effort = EFFORT,
  }: {
    query: CallQuery
    cursor: string | null
    limit: number
    offset?: number
    signal?: AbortSignal | undefined
    /** Changes how the calls are found, never which. */
    effort?: Effort
  },
): Promise<PlaceRow[]> {
  const limits = { signal, timeoutMs: SLOW_READ_MS, urgency: 'page' } as const
  const read = (from: Candidates | null, range?: IdRange) =>
    readPage(database, { query, cursor, from, range, limit, offset, limits })
  if (orderOf(query).kind === 'relevance' || !isNarrowed(query)) return read(null)
  const ways = waysTo(database, query)
  const few = await rarest(database, { ways, cap: effort.few, limits })
  if (few !== null) return read(few.from)
  const window = windowOf(database, { query, cursor, size: effort.window })
  const range = asksForText(query) ? await rangeOf(database, window, limits) : null
  const near = await read(window, range ?? undefined)
  if (near.length === limit) return near
  // At the rate of the window, so many calls of the list have to be walked for a whole page: more candidates are no help.
  const walk = near.length === 0 ? Number.POSITIVE_INFINITY : (effort.window * limit) / near.length
  const cap = Math.min(effort.many, Math.ceil(walk))
  const many = await rarest(database, { ways, cap, limits })
  return read(many?.from ?? null)
}

type PageReading = PageInput & { limit: number; offset: number; limits: ReadLimits }

async function readPage(
  database: Database,
  { limit, offset, limits, ...input }: PageReading,
): Promise<PlaceRow[]> {
  const parts = metricPage(database, input)
  if (parts === null) {
    const page = orderedPage(database, input).select('call.id')
    return database.slow.run(page.limit(limit).offset(offset), limits)
  }
  const { scored, others } = parts
  const first =
    scored === null
      ? []
      : await database.slow.run(scored.select('call.id').limit(limit).offset(offset), limits)
  if (first.length === limit) return first
  const passed =
    offset === 0 || first.length > 0 || scored === null
      ? 0
      : await countOf(database, scored, limits)
  const rest = others
    .select('call.id')
    .limit(limit - first.length)
    .offset(first.length > 0 ? 0 : offset - passed)
  return [...first, ...(await database.slow.run(rest, limits))]
}

async function countOf(
  database: Database,
  calls: { clearOrderBy: () => Expression<unknown> },
  limits: ReadLimits,
): Promise<number> {
  const [row] = await database.slow.run(
    sql<{ count: number }>`select count(*) as count from (${calls.clearOrderBy()})`,
    limits,
  )
  return Number(row?.count ?? 0)
}

/** The calls among which to look for all calls of a query; null for all of the project. */
export async function planScan(
  database: Database,
  {
    query,
    signal,
    effort = EFFORT,
  }: { query: CallQuery; signal?: AbortSignal | undefined; effort?: Effort },
): Promise<Candidates | null> {
  const ways = waysTo(database, query)
  const limits = { signal, timeoutMs: SLOW_READ_MS }
  // Without it, few calls of one project would be looked for among those of all.
  const project = projectCalls(database, query)
  const found =
    (await rarest(database, { ways: [...ways, project], cap: effort.few, limits })) ??
    (await rarest(database, { ways, cap: effort.many, limits }))
  return found?.from ?? null
}

function asksForText({ search, filter }: CallQuery): boolean {
  return Boolean(search?.trim()) || (filter !== undefined && mentionsWords(filter))
}

function mentionsWords(node: FilterNode): boolean {
  return isGroup(node) ? node.conditions.some(mentionsWords) : node.field === 'transcript'
}

/** Null where there are none. Calls mostly arrive in the order they began in, so those of a window are close by. */
async function rangeOf(
  database: Database,
  ids: Candidates,
  limits: ReadLimits,
): Promise<IdRange | null> {
  const query = sql<{ first: number | null; last: number | null }>`
    select min(id) as first, max(id) as last from (${ids})`
  const [row] = await database.slow.run(query, limits)
  if (row === undefined || row.first === null || row.last === null) return null
  return { first: row.first, last: row.last }
}

/** Each holds all calls of the query, and others. */
function waysTo(database: Database, query: CallQuery): Candidates[] {
  const { projectId, now, filter, search } = query
  const { dialect } = database
  const eb = expressionBuilder<Tables, 'call'>()
  const asking = filter === undefined ? null : askingNodes(filter)
  const ways = (asking === null ? [] : conjuncts(asking))
    .map((node) => candidatesOf(eb, node, { projectId, now, dialect }))
    .filter((way) => way !== null)
    .slice(0, MAX_COUNTED)
  const text = search?.trim()
  return text ? [dialect.findText(text), ...ways] : ways
}

/** The way with the fewest candidates; null where all have more than `cap`, or there is none. */
async function rarest(
  database: Database,
  { ways, cap, limits }: { ways: readonly Candidates[]; cap: number; limits: ReadLimits },
): Promise<{ from: Candidates; count: number } | null> {
  if (ways.length === 0) return null
  const counts = sql.join(ways.map((way, index) => countUpTo(way, { cap, index })))
  const [row] = await database.slow.run(sql<Record<string, number>>`select ${counts}`, limits)
  let best: { from: Candidates; count: number } | null = null
  for (const [index, from] of ways.entries()) {
    const count = Number(row?.[`c${index}`] ?? Number.POSITIVE_INFINITY)
    if (count <= cap && (best === null || count < best.count)) best = { from, count }
  }
  return best
}

function countUpTo(
  way: Candidates,
  { cap, index }: { cap: number; index: number },
): RawBuilder<number> {
  return sql`(select count(*) from (select 1 from (${way}) limit ${cap + 1})) as ${sql.ref(`c${index}`)}`
}
