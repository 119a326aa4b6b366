import type { Facet, FacetValue } from '#contract/facet.ts'
import type { FilterGroup } from '#contract/filter.ts'
import { foldCase } from '#contract/fold-case.ts'
import { planScan } from './call-plan.ts'
import { type CallQuery, type CallsBuilder, callsMatching, isNarrowed } from './call-query.ts'
import type { Database } from './database.ts'
import { type FacetPart, type FacetScope, facetParts } from './facet-parts.ts'
import { filterExpression } from './filter-sql.ts'
import { QueryTimeout } from './slow-read-errors.ts'

/** For all calls, and where they take too long for so many of the newest. */
const EFFORT: FacetEffort = { allMs: 3000, newestMs: 3000, newestCalls: 50_000 }
/** Numbers and times are narrowed here, not in SQL: of so many of the most frequent. */
const MOST_NARROWED = 10_000

export type FacetEffort = { allMs: number; newestMs: number; newestCalls: number }

export type FacetQuestion = {
  query: CallQuery
  /** As a rule spells it; not `transcript`, which has no values to list. */
  field: string
  contains?: string | undefined
  limit: number
  signal?: AbortSignal | undefined
  effort?: FacetEffort
}

/**
 * The most frequent values of a field among the calls of a query, with how many calls have each; null for the calls that
 * have none, as `isnull` says. Most frequent first, equal counts by value. Within 3 s: else those of the newest 50,000
 * calls, and where that takes too long as well, none. Rejects as `SlowReader.run` does, but never with `QueryTimeout`.
 */
export async function readFacet(database: Database, question: FacetQuestion): Promise<Facet> {
  const { query, effort = EFFORT } = question
  const { stopsWhenUnwanted } = database.dialect
  const isWholeProject = !isNarrowed(query) && query.ids === undefined
  const from = await planScan(database, { query, signal: question.signal })
  const all = callsMatching(database, query, from).where(stopsWhenUnwanted('call.id'))
  const counts = await inTime(
    countValues(database, question, { calls: all, isWholeProject, timeLimitMs: effort.allMs }),
  )
  if (counts !== null) return { ...counts, isExact: true }
  const newest = database.reader
    .selectFrom('call')
    .where('call.id', 'in', newestOf(all, effort.newestCalls))
    .where(stopsWhenUnwanted('call.id'))
  const some = countValues(database, question, {
    calls: newest,
    isWholeProject: false,
    timeLimitMs: effort.newestMs,
  })
  return { ...((await inTime(some)) ?? { values: [], isComplete: false }), isExact: false }
}

function newestOf(calls: CallsBuilder, limit: number) {
  return calls
    .select('call.id')
    .orderBy('call.started_at', 'desc')
    .orderBy('call.id', 'desc')
    .limit(limit)
}

async function inTime<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof QueryTimeout) return null
    throw error
  }
}

type Counts = Pick<Facet, 'values' | 'isComplete'>

async function countValues(
  database: Database,
  question: FacetQuestion,
  { timeLimitMs, ...among }: Pick<FacetScope, 'calls' | 'isWholeProject'> & { timeLimitMs: number },
): Promise<Counts> {
  const { query, field, limit, signal } = question
  const end = performance.now() + timeLimitMs
  const limits = () => {
    const timeoutMs = end - performance.now()
    if (timeoutMs <= 0) throw new QueryTimeout(timeLimitMs)
    return { signal, timeoutMs }
  }
  const contains = question.contains ? question.contains : null
  const scope = { ...among, projectId: query.projectId, contains }
  const { parts, hasNull } = facetParts(database, field, scope)
  const counted: Counts[] = []
  for (const part of parts) {
    const wanted = part.isNarrowed ? limit + 1 : MOST_NARROWED
    const rows = await database.slow.run(part.rows(wanted), limits())
    counted.push(toCounts(rows, { part, wanted, contains }))
  }
  const values = counted.flatMap((one) => one.values)
  if (!hasNull && contains === null) {
    const [row] = await database.slow.run(
      withoutValue(database, { query, field, ...among }),
      limits(),
    )
    const count = Number(row?.count ?? 0)
    if (count > 0) values.unshift({ value: null, count })
  }
  return {
    // Stable: what the parts have in the order of values stays so.
    values: values.toSorted((a, b) => b.count - a.count).slice(0, limit),
    isComplete: values.length <= limit && counted.every((one) => one.isComplete),
  }
}

function toCounts(
  rows: readonly { value: unknown; count: number | string | bigint }[],
  { part, wanted, contains }: { part: FacetPart; wanted: number; contains: string | null },
): Counts {
  const values = rows.map((row) => ({ value: part.toValue(row), count: Number(row.count) }))
  if (part.isNarrowed || contains === null) return { values, isComplete: true }
  return { values: containing(values, contains), isComplete: rows.length < wanted }
}

function containing(values: readonly FacetValue[], text: string): FacetValue[] {
  const wanted = foldCase(text)
  return values.filter(({ value }) => value !== null && foldCase(String(value)).includes(wanted))
}

/** How many of the calls have no value of the field, by the engine's own understanding of that. */
function withoutValue(
  database: Database,
  {
    query,
    field,
    calls,
    isWholeProject,
  }: { query: CallQuery; field: string } & Pick<FacetScope, 'calls' | 'isWholeProject'>,
) {
  const filter: FilterGroup = {
    operator: 'and',
    conditions: [{ field, op: 'isnull', value: true }],
  }
  const { projectId, now } = query
  const { dialect } = database
  const without = isWholeProject
    ? callsMatching(database, { projectId, now, sort: query.sort, filter })
    : calls.where((eb) => filterExpression(eb, { filter, projectId, now, dialect }))
  return without.select(({ fn }) => fn.countAll<number>().as('count'))
}
