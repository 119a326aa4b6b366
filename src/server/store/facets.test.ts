import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FacetValue } from '#contract/facet.ts'
import {
  CALL_FIELDS,
  type FilterGroup,
  type FilterScalar,
  findField,
  findFieldTarget,
} from '#contract/filter.ts'
import { foldCase } from '#contract/fold-case.ts'
import { openTemporaryDatabase, storeCalls } from '#testing/call-builder.ts'
import { poolFilters } from '#testing/compare-filters.ts'
import { PATHS, RANDOM_CALLS_NOW, storeRandomCalls } from '#testing/random-calls.ts'
import { type CallFacts, matchesReference } from '#testing/reference-filter.ts'
import type { Database } from './database.ts'
import { facetParts } from './facet-parts.ts'
import { type FacetQuestion, readFacet } from './facets.ts'

const CALLS = 60
const EVERYTHING = 1000
const FIELDS = [
  ...Object.keys(CALL_FIELDS).filter((name) => name !== 'transcript'),
  ...PATHS.flatMap((path) => [`metadata.${path}`, `dynamic_variables.${path}`]),
  'metadata.no.such.path',
  ...['value', 'score', 'passed', 'explanation', 'confidence', 'metric.id', 'metric.name'].map(
    (part) => `metric_evaluations.${part}`,
  ),
  ...['value', 'score', 'passed', 'explanation'].map((part) => `metric_evaluations.1.${part}`),
  'metric_evaluations.99.value',
]

let database: Database
let close: () => Promise<void>
let facts: Map<number, CallFacts>

beforeAll(async () => {
  const opened = await openTemporaryDatabase()
  database = opened.database
  close = opened.close
  facts = await storeRandomCalls(database, { count: CALLS, random: createRandom(7) })
  await storeForeignCalls()
})

afterAll(() => close())

/** Calls of another project that have a value of everything. */
async function storeForeignCalls() {
  const { writer } = database
  await sql`insert into project (id, name, duplicate_policy, accepts_metadata_only, created_at, updated_at)
    values (2, 'Theirs', 'update', 0, 0, 0)`.execute(writer)
  const ids = await storeCalls(database, [
    {
      callId: 'theirs',
      projectId: 2,
      fields: { topic: 'theirs' },
      content: { metadata: '{"plan":"theirs"}' },
    },
  ])
  await sql`insert into call_tag (call_id, tag) values (${ids[0]}, 'theirs')`.execute(writer)
  await sql`insert into metric (id, project_id, code, name, eval_type, unit, enum_values, created_at)
    values (99, 2, 'theirs', 'theirs', 'enum', '', '[]', 0)`.execute(writer)
  await sql`insert into verdict (call_id, metric_id, is_current, source, value_text, explanation, created_at)
    values (${ids[0]}, 99, 1, 'judge', 'theirs', 'theirs', 0)`.execute(writer)
}

function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) / 2 ** 24
  }
}

function ask(question: Partial<FacetQuestion> & { field: string; filter?: FilterGroup }) {
  const { filter, ...rest } = question
  const query = { projectId: 1, sort: '-startedAt', now: RANDOM_CALLS_NOW, filter }
  return readFacet(database, { query, limit: EVERYTHING, ...rest })
}

/** What a call has of a field, as a person would write it down: no null, no empty text, each value once. */
function valuesIn({ fields, attributes, results }: CallFacts, name: string): FilterScalar[] {
  const target = findFieldTarget(name)
  if (target?.kind === 'call') {
    if (target.name === 'tag' || target.name === 'comment') return distinct(fields[target.name])
    const value = fields[target.name]
    const isTime = findField(name)?.kind === 'time'
    return distinct([isTime ? new Date(Number(value)).toISOString() : value])
  }
  if (target?.kind === 'attribute') {
    return attributes
      .filter(({ source, path }) => source === target.source && path === target.path)
      .map(({ value }) => value)
      .filter((value) => value !== null && value !== '')
  }
  const own = results.filter(
    ({ metricId }) =>
      target?.kind === 'result' && (target.metricId === null || metricId === target.metricId),
  )
  return distinct(
    own.flatMap((result): FilterScalar[] => {
      const part = name.split('.').slice(-2).join('.')
      if (part === 'metric.id') return [result.metricId]
      if (part === 'metric.name') return [result.metricName]
      if (name.endsWith('.value')) return [result.score, result.passed, result.label]
      if (name.endsWith('.score')) return [result.score]
      if (name.endsWith('.passed')) return [result.passed]
      return [name.endsWith('.confidence') ? result.confidence : result.explanation]
    }),
  )
}

function distinct(values: readonly FilterScalar[]): FilterScalar[] {
  return [...new Set(values)].filter((value) => value !== null && value !== '')
}

/** One pass over all calls and a sort. */
function countByHand(
  field: string,
  { calls, contains }: { calls: readonly CallFacts[]; contains?: string },
): FacetValue[] {
  const isAttribute = findFieldTarget(field)?.kind === 'attribute'
  const counts = new Map<string, { value: FilterScalar; calls: Set<CallFacts> }>()
  for (const call of calls) {
    const own = valuesIn(call, field)
    for (const value of own.length === 0 ? [null] : own) {
      // 60 and "60" are one value of metadata, for the counts as for the rules.
      const key = value === null ? 'none' : `=${isAttribute ? value : JSON.stringify(value)}`
      const known = counts.get(key) ?? { value, calls: new Set() }
      const isPlainer = rank(value) < rank(known.value)
      counts.set(key, { value: isPlainer ? value : known.value, calls: known.calls.add(call) })
    }
  }
  const needle = contains === undefined ? null : foldCase(contains)
  return [...counts.values()]
    .map(({ value, calls: those }) => ({ value, count: those.size }))
    .filter(
      ({ value }) =>
        needle === null || (value !== null && foldCase(String(value)).includes(needle)),
    )
    .toSorted((a, b) => b.count - a.count || compare(a.value, b.value, isAttribute))
}

function rank(value: FilterScalar): number {
  return ['object', 'boolean', 'number', 'string'].indexOf(typeof value)
}

const KIND_ORDER = ['object', 'number', 'boolean', 'string']

function compare(a: FilterScalar, b: FilterScalar, isAttribute: boolean): number {
  const kinds = KIND_ORDER.indexOf(typeof a) - KIND_ORDER.indexOf(typeof b)
  if (a === null || b === null) return kinds
  if (!isAttribute && kinds !== 0) return kinds
  if (!isAttribute && typeof a !== 'string') return Number(a) - Number(b)
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)))
}

const allCalls = () => [...facts.values()]

describe('a facet', () => {
  it.each(FIELDS)('counts the calls of each value of %s', async (field) => {
    expect(await ask({ field })).toEqual({
      values: countByHand(field, { calls: allCalls() }),
      isComplete: true,
      isExact: true,
    })
  })

  it('counts only the calls of its filter', { timeout: 120_000 }, async () => {
    const filters = fc.sample(poolFilters(), { numRuns: 200, seed: 3 })
    let narrowed = 0
    for (const [index, filter] of filters.entries()) {
      const field = FIELDS[index % FIELDS.length] ?? ''
      const calls = allCalls().filter((call) =>
        matchesReference(filter, { facts: call, now: RANDOM_CALLS_NOW }),
      )
      if (calls.length > 0 && calls.length < CALLS) narrowed += 1
      const { values } = await ask({ field, filter })
      expect(values, `${field} ${JSON.stringify(filter)}`).toEqual(countByHand(field, { calls }))
    }
    expect(narrowed).toBeGreaterThan(30)
  })

  it('counts only the calls that a search finds', async () => {
    const query = { projectId: 1, sort: '-startedAt', now: RANDOM_CALLS_NOW, search: 'refund' }
    const { values } = await readFacet(database, { query, field: 'is_demo', limit: 10 })
    const found = allCalls().filter(
      ({ fields }) =>
        /refund/i.test(String(fields.transcript)) || /refund/i.test(String(fields.call_id)),
    )
    expect(values).toEqual(countByHand('is_demo', { calls: found }))
  })

  it.each(FIELDS)('narrows the values of %s to those that contain a text', async (field) => {
    for (const contains of ['REF', 'ü', '6', 'tr', '0', '.']) {
      const { values } = await ask({ field, contains })
      expect(values, contains).toEqual(countByHand(field, { calls: allCalls(), contains }))
    }
  })

  it.each(['topic', 'tag', 'metadata.list', 'metric_evaluations.value', 'duration'])(
    'says of %s that there are more values than it shows',
    async (field) => {
      const all = countByHand(field, { calls: allCalls() })
      expect(await ask({ field, limit: 3 })).toEqual({
        values: all.slice(0, 3),
        isComplete: false,
        isExact: true,
      })
      expect(await ask({ field, limit: all.length })).toMatchObject({ isComplete: true })
    },
  )

  it.each(['topic', 'tag', 'metadata.plan', 'metric_evaluations.value'])(
    'counts %s among the newest calls where all take too long',
    async (field) => {
      const effort = { allMs: 0, newestMs: 5000, newestCalls: 10 }
      const newest = [...facts]
        .toSorted(
          ([a, one], [b, other]) =>
            Number(other.fields.timestamp) - Number(one.fields.timestamp) || b - a,
        )
        .slice(0, 10)
        .map(([, call]) => call)
      expect(await ask({ field, effort })).toEqual({
        values: countByHand(field, { calls: newest }),
        isComplete: true,
        isExact: false,
      })
    },
  )

  it('has no values where not even the newest can be counted in time', async () => {
    const effort = { allMs: 0, newestMs: 0, newestCalls: 10 }
    expect(await ask({ field: 'topic', effort })).toEqual({
      values: [],
      isComplete: false,
      isExact: false,
    })
  })

  it('is no longer counted once nobody waits for it', async () => {
    await expect(ask({ field: 'topic', signal: AbortSignal.abort() })).rejects.toThrow('cancelled')
  })

  it('reads a column of all calls from its index alone', async () => {
    const calls = database.reader.selectFrom('call').where('call.project_id', '=', 1)
    const scope = { projectId: 1, calls, isWholeProject: true, contains: null }
    const [part] = facetParts(database, 'topic', scope).parts
    const query = part?.rows(20).compile(database.reader)
    if (query === undefined) throw new Error('No query')
    const plan = await database.reader.executeQuery<{ detail: string }>({
      ...query,
      sql: `explain query plan ${query.sql}`,
    })
    expect(plan.rows.map(({ detail }) => detail)).toContainEqual(
      expect.stringContaining('USING COVERING INDEX call_by_topic'),
    )
  })
})
