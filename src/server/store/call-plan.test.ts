import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FilterGroup, FilterNode, FilterOp, FilterRule } from '#contract/filter.ts'
import { openTemporaryDatabase, saying, storeCalls } from '#testing/call-builder.ts'
import { type Effort, findPage, planScan } from './call-plan.ts'
import { type CallQuery, callsMatching, cursorOf } from './call-query.ts'
import type { Database } from './database.ts'

let database: Database
let close: () => Promise<void>

const CALL_COUNT = 60

beforeAll(async () => {
  ;({ database, close } = await openTemporaryDatabase())
  await database.writer
    .insertInto('metric')
    .values({
      project_id: 1,
      code: 'm',
      name: 'M',
      eval_type: 'rating',
      unit: '',
      enum_values: '[]',
      created_at: 0,
    })
    .execute()
  const ids = await storeCalls(
    database,
    Array.from({ length: CALL_COUNT }, (_, n) => ({
      callId: `c-${n}`,
      // Not in the order of the ids.
      fields: {
        started_at: (n * 7) % CALL_COUNT,
        duration_ms: n % 5 === 0 ? null : (n % 4) * 1000,
        status: n % 3 === 0 ? ('failure' as const) : ('success' as const),
        is_judged: n % 2,
        topic: `t${n % 4}`,
        tool_error_count: n % 6 === 0 ? 1 : 0,
        longest_gap_ms: n % 4 === 0 ? 4000 : null,
      },
      content: {
        metadata: JSON.stringify({
          plan: n % 10 === 0 ? 'gold' : 'free',
          size: n % 8,
          list: [n, n % 2],
        }),
        ...saying(n % 9 === 0 ? 'rare common words' : 'common words'),
      },
    })),
  )
  for (const [n, call_id] of ids.entries()) {
    if (n % 5 === 0)
      await database.writer.insertInto('call_tag').values({ call_id, tag: 'x' }).execute()
    await database.writer
      .insertInto('verdict')
      .values({
        call_id,
        metric_id: 1,
        is_current: 1,
        source: 'judge',
        score: n % 6,
        passed: n % 2,
        value_text: `label ${n % 3}`,
        explanation: '',
        created_at: 0,
      })
      .execute()
  }
})

afterAll(() => close())

const rule = (field: string, op: FilterOp, value: FilterRule['value']): FilterRule => ({
  field,
  op,
  value,
})
const group = (operator: FilterGroup['operator'], ...conditions: FilterNode[]): FilterGroup => ({
  operator,
  conditions,
})

const isGold = rule('metadata.plan', 'eq', 'gold')

/** Each kind of candidates, alone and among other conditions, and what has none. */
const FILTERS: [name: string, node: FilterNode][] = [
  ['text of metadata', isGold],
  ['numbers of metadata', rule('metadata.size', 'gte', 6)],
  ['a list of metadata', rule('metadata.list', 'in', [1, 7, '12'])],
  ['what a path has', rule('metadata.plan', 'contains', 'OL')],
  ['null', rule('metadata.plan', 'eq', null)],
  ['what is not', rule('metadata.plan', 'neq', 'gold')],
  ['a column', rule('topic', 'eq', 't1')],
  ['outcomes', rule('outcome', 'in', ['not-evaluated', 'failure'])],
  ['judged successes', rule('outcome', 'eq', 'success')],
  ['a length', rule('duration', 'gt', 1)],
  ['no length', rule('duration', 'isnull', true)],
  ['times', rule('timestamp', 'lte', '1970-01-01T00:00:00.030Z')],
  ['tool errors', rule('tool_errors', 'gt', 0)],
  ['no tool errors', rule('tool_errors', 'lt', 1)],
  ['gaps', rule('longest_response_gap', 'gte', 4)],
  ['a tag', rule('tag', 'eq', 'x')],
  ['words', rule('transcript', 'contains', 'rare')],
  ['scores', rule('metric_evaluations.1.score', 'lt', 2)],
  ['passes', rule('metric_evaluations.value', 'eq', true)],
  ['labels', rule('metric_evaluations.1.value', 'in', ['label 1', 'label 2'])],
  ['mixed values', rule('metric_evaluations.1.value', 'in', ['label 1', 3])],
  [
    'one result',
    group(
      'same_row',
      rule('metric_evaluations.metric.name', 'eq', 'M'),
      rule('metric_evaluations.score', 'gt', 3),
    ),
  ],
  ['either', group('or', isGold, rule('tag', 'eq', 'x'))],
  ['either of which one has no index', group('or', isGold, rule('metadata.size', 'isnull', true))],
  [
    'both in either',
    group('or', group('and', isGold, rule('tag', 'eq', 'x')), rule('topic', 'eq', 't3')),
  ],
  ['neither', group('not', isGold, rule('topic', 'eq', 't1'))],
  [
    'many',
    group(
      'and',
      rule('topic', 'in', ['t1', 't2']),
      group('and', rule('metadata.size', 'lt', 5)),
      rule('tag', 'neq', 'x'),
    ),
  ],
  ['nothing', rule('metadata.plan', 'eq', 'iron')],
]

/** The ways: few candidates, a window that has or lacks a page, many candidates, the whole list. */
const EFFORTS: Effort[] = [
  { few: 1000, window: 1, many: 0 },
  { few: 3, window: 4, many: 1000 },
  { few: -1, window: 1000, many: 0 },
  { few: -1, window: 3, many: 1000 },
  { few: -1, window: 1, many: -1 },
]

async function walk(query: CallQuery, effort: Effort): Promise<number[]> {
  const ids: number[] = []
  for (let cursor: string | null = null; ; ) {
    const page: { id: number; place: string | number | null }[] = await findPage(database, {
      query,
      cursor,
      limit: 4,
      effort,
    })
    ids.push(...page.map(({ id }) => id))
    const last = page.at(-1)
    if (page.length < 4 || last === undefined) return ids
    cursor = cursorOf(last, query)
  }
}

async function plain(query: CallQuery): Promise<number[]> {
  const rows = await callsMatching(database, query).select('call.id').orderBy('call.id').execute()
  return rows.map(({ id }) => id)
}

const ascending = (ids: readonly number[]) => ids.toSorted((a, b) => a - b)

describe('every way to the calls of a filter', () => {
  it.each(FILTERS)('finds the same for %s', async (_name, node) => {
    for (const sort of ['-startedAt', 'durationSeconds', '-topic']) {
      const query = { projectId: 1, sort, now: 0, filter: group('and', node) }
      const wanted = await plain(query)
      const [first, ...others] = await Promise.all(EFFORTS.map((effort) => walk(query, effort)))
      expect(ascending(first ?? [])).toEqual(wanted)
      for (const other of others) expect(other).toEqual(first)
      for (const effort of EFFORTS) {
        const from = await planScan(database, { query, effort })
        const rows = await callsMatching(database, query, from).select('call.id').execute()
        expect(ascending(rows.map(({ id }) => id))).toEqual(wanted)
      }
    }
  })

  it('finds the same for a search', async () => {
    for (const search of ['common', 'rare wor', '"rare common"', 'c-1', '1']) {
      for (const filter of [undefined, group('and', isGold)]) {
        const query = { projectId: 1, sort: '-startedAt', now: 0, search, filter }
        const [first, ...others] = await Promise.all(EFFORTS.map((effort) => walk(query, effort)))
        expect([search, ascending(first ?? [])]).toEqual([search, await plain(query)])
        for (const other of others) expect(other).toEqual(first)
      }
    }
  })

  it('skips as many calls as it is told to', async () => {
    const query = {
      projectId: 1,
      sort: '-startedAt',
      now: 0,
      filter: group('and', rule('metadata.plan', 'eq', 'free')),
    }
    for (const effort of EFFORTS) {
      const all = await walk(query, effort)
      const page = await findPage(database, { query, cursor: null, offset: 5, limit: 3, effort })
      expect(page.map(({ id }) => id)).toEqual(all.slice(5, 8))
    }
  })
})
