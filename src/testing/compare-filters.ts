import fc from 'fast-check'
import {
  CALL_FIELDS,
  type FilterField,
  type FilterGroup,
  type FilterScalar,
} from '#contract/filter.ts'
import { callsMatching } from '#server/store/call-query.ts'
import { countCalls, listCalls } from '#server/store/calls.ts'
import type { Database } from '#server/store/database.ts'
import { explainFilter } from '#server/store/explain-filter.ts'
import { anyFilter } from './filter-arbitrary.ts'
import {
  NUMBER_POOL,
  PATHS,
  PATTERN_POOL,
  RANDOM_CALLS_NOW,
  TEXT_POOL,
  TIME_POOL,
  WORDS_POOL,
} from './random-calls.ts'
import { type CallFacts, matchesReference } from './reference-filter.ts'

const PROJECT_ID = 1

/** Filters about what random calls are made of. */
export function poolFilters(): fc.Arbitrary<FilterGroup> {
  const parts = ['value', 'score', 'passed', 'explanation', 'confidence']
  const pools = {
    fields: [
      ...Object.keys(CALL_FIELDS),
      ...PATHS.flatMap((path) => [`metadata.${path}`, `dynamic_variables.${path}`]),
      'metadata.no.such.path',
      ...[...parts, 'metric.id', 'metric.name'].map((part) => `metric_evaluations.${part}`),
      ...[1, 2, 4, 99].flatMap((id) => parts.map((part) => `metric_evaluations.${id}.${part}`)),
    ],
    patterns: PATTERN_POOL,
    valuesOf,
  }
  return fc.oneof(
    { weight: 9, arbitrary: anyFilter({ ...pools, conditions: { min: 1, max: 3 } }) },
    { weight: 1, arbitrary: anyFilter(pools) },
  )
}

function valuesOf({ kind, choices }: FilterField): readonly FilterScalar[] {
  switch (kind) {
    case 'text':
      return [...TEXT_POOL, null]
    case 'words':
      return WORDS_POOL
    case 'number':
      return [...NUMBER_POOL, null]
    case 'boolean':
      return [true, false, null]
    case 'time':
      return TIME_POOL
    case 'choice':
      return (choices ?? []).map(({ value }) => value)
    case 'any':
      return [...TEXT_POOL, ...NUMBER_POOL, true, false, null]
    default:
      return kind satisfies never
  }
}

/**
 * Rejects with the smallest filter on which SQL differs from the reference. Every so many filters (`checkEach`) the way that
 * lists and counts go, with its candidates and cursors, and the explanation for one of the calls are compared too.
 */
export async function compareFilters(
  database: Database,
  {
    facts,
    count,
    seed,
    checkEach,
  }: { facts: ReadonlyMap<number, CallFacts>; count: number; seed: number; checkEach: number },
): Promise<void> {
  const ids = [...facts.keys()]
  let turn = 0
  const property = fc.asyncProperty(poolFilters(), fc.nat(), async (filter, chance) => {
    const expected = new Set(
      ids.filter((id) => {
        const known = facts.get(id)
        return known && matchesReference(filter, { facts: known, now: RANDOM_CALLS_NOW })
      }),
    )
    const rows = await callsMatching(database, {
      projectId: PROJECT_ID,
      sort: '-startedAt',
      now: RANDOM_CALLS_NOW,
      filter,
    })
      .select('call.id')
      .execute()
    const found = new Set(rows.map(({ id }) => id))
    const wrong = ids.filter((id) => expected.has(id) !== found.has(id))
    if (wrong.length > 0) throw new Error(difference(filter, { facts, wrong, expected }))
    if (turn++ % checkEach !== 0) return
    await comparePlanned(database, { filter, expected, chance })
    const id = ids[chance % ids.length] ?? 0
    const why = await explainFilter(database, {
      projectId: PROJECT_ID,
      call: String(id),
      filter,
      now: RANDOM_CALLS_NOW,
    })
    const holds = why.kind === 'explained' && why.holds
    if (holds !== expected.has(id)) {
      throw new Error(`The explanation for call ${id} says ${holds}: ${JSON.stringify(filter)}`)
    }
  })
  await fc.assert(property, { numRuns: count, seed, endOnFailure: false })
}

/** As a list reads it: pages of seven in a random order, and the count. */
async function comparePlanned(
  database: Database,
  {
    filter,
    expected,
    chance,
  }: { filter: FilterGroup; expected: ReadonlySet<number>; chance: number },
): Promise<void> {
  const sort = SORTS[chance % SORTS.length] ?? SORTS[0]
  const query = { projectId: PROJECT_ID, sort, now: RANDOM_CALLS_NOW, filter }
  const listed: number[] = []
  for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; ) {
    const page: Awaited<ReturnType<typeof listCalls>> = await listCalls(database, {
      query,
      cursor,
      limit: 7,
    })
    listed.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
    isFirst = false
  }
  // As a set too: a call that is listed twice must not stand in for one that is missing.
  const isEachOnce = listed.length === expected.size && new Set(listed).size === listed.length
  const isSame = isEachOnce && listed.every((id) => expected.has(id))
  const count = await countCalls(database, query)
  if (isSame && count === expected.size) return
  throw new Error(
    `Sorted by ${sort} ${listed.length} are listed and ${count} counted of ${expected.size}: ${JSON.stringify(filter)}`,
  )
}

const SORTS = [
  '-startedAt',
  'startedAt',
  '-durationSeconds',
  'durationSeconds',
  'topic',
  'status',
] as const

function difference(
  filter: FilterGroup,
  {
    facts,
    wrong,
    expected,
  }: { facts: ReadonlyMap<number, CallFacts>; wrong: number[]; expected: ReadonlySet<number> },
): string {
  const [id = 0] = wrong
  const side = expected.has(id) ? 'misses' : 'finds'
  return `SQL ${side} call ${id} for ${JSON.stringify(filter)}: ${JSON.stringify(facts.get(id))}`
}
