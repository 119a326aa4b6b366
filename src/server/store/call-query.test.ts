import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CallSortKey, CallStatus, type CallSummary, parseCallSort } from '#contract/call.ts'
import type { FilterGroup } from '#contract/filter.ts'
import { openTemporaryDatabase, saying, storeCalls } from '#testing/call-builder.ts'
import { type CallQuery, InvalidCursor } from './call-query.ts'
import { countCalls, listCallIds, listCalls } from './calls.ts'
import type { Database } from './database.ts'

let database: Database
let close: () => Promise<void>

beforeAll(async () => {
  ;({ database, close } = await openTemporaryDatabase())
})

afterAll(() => close())

/** Ordering by relevance has tests of its own. */
const KEYS = CallSortKey.exclude(['relevance']).options
const SORTS = KEYS.flatMap((key) => [key, `-${key}`])

/** Few values, so that many calls share one; some of them awkward. */
const text = fc.constantFrom('', 'a', 'A', 'b', 'ä', 'Z', '10', '9', '😀', '｡', "'", '%', '\0')

const fields = fc.record({
  started_at: fc.constantFrom(-1, 0, 1, 1_700_000_000_000, 1_700_000_000_001),
  duration_ms: fc.constantFrom(null, 0, 1, 999, 1000, 60_000),
  status: fc.constantFrom(...CallStatus.options),
  agent_name: text,
  customer_number: text,
  ended_reason: text,
  topic: text,
})

type Fields = typeof fields extends fc.Arbitrary<infer T> ? T : never

const query = (sort: string, more: Partial<CallQuery> = {}): CallQuery => ({
  projectId: 1,
  sort,
  now: 0,
  ...more,
})

async function walk(
  sort: string,
  limit: number,
  more: Partial<CallQuery> = {},
): Promise<CallSummary[]> {
  const seen: CallSummary[] = []
  let cursor: string | null = null
  do {
    const page = await listCalls(database, { query: query(sort, more), cursor, limit })
    expect(page.items.length).toBeLessThanOrEqual(limit)
    seen.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return seen
}

const VALUE: Record<Exclude<CallSortKey, 'relevance'>, (call: Fields) => string | number | null> = {
  startedAt: (call) => call.started_at,
  durationSeconds: (call) => call.duration_ms,
  status: (call) => call.status,
  agentName: (call) => call.agent_name,
  customerNumber: (call) => call.customer_number,
  endedReason: (call) => call.ended_reason,
  topic: (call) => call.topic,
}

/** Null before all, texts by their bytes. */
function compareValues(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null) || 0
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)))
}

/** The ids in the order that a plain sort gives. */
function sorted(calls: readonly (Fields & { id: number })[], sort: string): number[] {
  const { key, direction } = parseCallSort(sort)
  const column = CallSortKey.exclude(['relevance']).parse(key)
  const ascending = calls.toSorted(
    (a, b) => compareValues(VALUE[column](a), VALUE[column](b)) || a.id - b.id,
  )
  return (direction === 'asc' ? ascending : ascending.toReversed()).map(({ id }) => id)
}

async function replaceCalls(calls: readonly Fields[]) {
  await database.writer.deleteFrom('call').execute()
  const ids = await storeCalls(
    database,
    calls.map((call, index) => ({ callId: `c-${index}`, fields: call })),
  )
  return calls.map((call, index) => ({ ...call, id: ids[index] ?? 0 }))
}

describe('paging by keyset', () => {
  it('visits every call once, in the order of a plain sort, whatever the order and page size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fields, { maxLength: 30 }),
        fc.integer({ min: 1, max: 12 }),
        async (calls, limit) => {
          const stored = await replaceCalls(calls)
          for (const sort of SORTS) {
            const ids = (await walk(sort, limit)).map(({ id }) => id)
            expect([sort, ids]).toEqual([sort, sorted(stored, sort)])
          }
        },
      ),
      { numRuns: 25 },
    )
  })

  it('agrees with paging by number', async () => {
    const sample = fc.sample(fields, { numRuns: 40, seed: 7 })
    await replaceCalls(sample)
    for (const sort of SORTS) {
      const byKeyset = (await walk(sort, 7)).map(({ id }) => id)
      const byNumber: number[] = []
      for (let offset = 0; offset < 40; offset += 7) {
        byNumber.push(...(await listCallIds(database, { query: query(sort), offset, limit: 7 })))
      }
      expect(byNumber).toEqual(byKeyset)
    }
  })

  it('goes on behind a call that was deleted meanwhile', async () => {
    const calls = await replaceCalls(fc.sample(fields, { numRuns: 10, seed: 3 }))
    const order = sorted(calls, '-startedAt')
    const first = await listCalls(database, { query: query('-startedAt'), cursor: null, limit: 4 })
    await database.writer
      .deleteFrom('call')
      .where('id', '=', order[3] ?? 0)
      .execute()
    const { nextCursor: cursor } = first
    const rest = await listCalls(database, { query: query('-startedAt'), cursor, limit: 20 })
    expect(rest.items.map(({ id }) => id)).toEqual(order.slice(4))
    expect(rest.nextCursor).toBeNull()
  })
})

describe('a cursor', () => {
  it('of another order is refused', async () => {
    await replaceCalls(fc.sample(fields, { numRuns: 3, seed: 1 }))
    const { nextCursor: cursor } = await listCalls(database, {
      query: query('topic'),
      cursor: null,
      limit: 1,
    })
    const other = listCalls(database, { query: query('-topic'), cursor, limit: 1 })
    await expect(other).rejects.toThrow('This cursor is for the order topic, not -topic.')
  })

  it('that was forged gives calls or InvalidCursor, and nothing else', async () => {
    const place = fc
      .tuple(fc.constantFrom(...SORTS), fc.jsonValue(), fc.jsonValue())
      .map((value) => JSON.stringify(value))
    const cursors = fc
      .oneof(place, fc.string())
      .map((value) => Buffer.from(value).toString('base64url'))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...SORTS),
        fc.oneof(cursors, fc.string()),
        async (sort, cursor) => {
          try {
            await listCalls(database, { query: query(sort), cursor, limit: 5 })
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidCursor)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})

const hasStatus = (value: string): FilterGroup => ({
  operator: 'and',
  conditions: [{ field: 'status', op: 'eq', value }],
})

describe('a query', () => {
  it('counts what it lists', async () => {
    await replaceCalls(fc.sample(fields, { numRuns: 60, seed: 11 }))
    for (const status of CallStatus.options) {
      const wanted = query('-startedAt', { filter: hasStatus(status) })
      const { items } = await listCalls(database, { query: wanted, cursor: null, limit: 100 })
      expect(items.every((item) => item.status === status)).toBe(true)
      expect(await countCalls(database, wanted)).toBe(items.length)
    }
    expect(await countCalls(database, query('topic'))).toBe(60)
  })

  it('of no ids matches nothing', async () => {
    expect(await countCalls(database, query('topic', { ids: [] }))).toBe(0)
  })
})

describe('a filtered query', () => {
  it('visits in every order what the filter lets through, once', async () => {
    const stored = await replaceCalls(fc.sample(fields, { numRuns: 60, seed: 5 }))
    const filter: FilterGroup = {
      operator: 'and',
      conditions: [
        { field: 'status', op: 'in', value: ['success', 'failure', 'evaluating'] },
        { field: 'duration', op: 'gte', value: 0.999 },
      ],
    }
    const isWanted = ({ status, duration_ms: duration }: Fields) =>
      !status.startsWith('reviewed') && duration !== null && duration >= 999
    const wanted = stored.filter(isWanted)
    expect(wanted.length).toBeGreaterThan(7)
    for (const sort of SORTS) {
      const ids = (await walk(sort, 3, { filter })).map(({ id }) => id)
      expect([sort, ids]).toEqual([sort, sorted(wanted, sort)])
    }
  })

  it('ranks the newest of its own project, however many another one has', async () => {
    await replaceCalls([])
    await otherProject()
    const content = saying('zebra')
    const [older, newer] = await storeCalls(database, [
      { callId: 'zebra-1', content },
      { callId: 'zebra-2', content },
      ...[1, 2, 3].map((n) => ({ callId: `zebra-${n}`, content, projectId: 2 })),
    ])
    // Words and ids alike find two calls here and three there.
    const ranked = database.dialect.rankText('zebra', { projectId: 1, limit: 2 })
    const rows = await database.slow.run(sql<{ id: number }>`${ranked}`)
    expect(rows.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual([older, newer])
  })

  it('looks at no other project', async () => {
    await replaceCalls([])
    await otherProject()
    const content = { metadata: '{"k":"v"}', ...saying('zebra') }
    const [own] = await storeCalls(database, [
      { callId: 'own', content },
      { callId: 'foreign', content, projectId: 2 },
    ])
    const rules: FilterGroup['conditions'] = [
      { field: 'metadata.k', op: 'eq', value: 'v' },
      { field: 'metadata.k', op: 'neq', value: 'x' },
      { field: 'transcript', op: 'contains', value: 'zebra' },
      { field: 'call_id', op: 'in', value: ['own', 'foreign'] },
      { operator: 'not', conditions: [{ field: 'call_id', op: 'eq', value: 'x' }] },
    ]
    for (const rule of rules) {
      const filter: FilterGroup = { operator: 'and', conditions: [rule] }
      const found = await walk('-startedAt', 5, { filter })
      expect([rule, found.map(({ id }) => id)]).toEqual([rule, [own]])
      expect(await countCalls(database, query('topic', { filter }))).toBe(1)
    }
  })
})

async function otherProject(): Promise<void> {
  await database.writer
    .insertInto('project')
    .values({
      id: 2,
      name: 'other',
      duplicate_policy: 'allow',
      accepts_metadata_only: 0,
      created_at: 0,
      updated_at: 0,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

const TEXTS = [
  'we refund the refund of a refund',
  'refund please, then a long story about other things that nobody wanted to hear at all',
  "I'd like a ticket to Zürich",
  'hello world',
]

async function storeTexts(): Promise<number[]> {
  await replaceCalls([])
  return storeCalls(
    database,
    TEXTS.map((text, index) => ({
      callId: `text-${index}`,
      fields: { started_at: index },
      content: saying(text),
    })),
  )
}

async function found(search: string, sort = 'startedAt'): Promise<string[]> {
  return (await walk(sort, 1, { search })).map(({ callId }) => callId)
}

describe('a search', () => {
  it('finds calls with all the words, the last of which may go on', async () => {
    await storeTexts()
    expect(await found('refund story')).toEqual(['text-1'])
    expect(await found('refund sto')).toEqual(['text-1'])
    expect(await found('refu story')).toEqual([])
    expect(await found('refu* story')).toEqual(['text-1'])
    expect(await found('zurich')).toEqual(['text-2'])
  })

  it('finds a phrase in its order', async () => {
    await storeTexts()
    expect(await found('"refund of"')).toEqual(['text-0'])
    expect(await found('"of refund"')).toEqual([])
    expect(await found('"refund o"')).toEqual([])
    expect(await found('"refund o')).toEqual(['text-0'])
    expect(await found('"refund please" then')).toEqual(['text-1'])
    expect(await found("i'd")).toEqual(['text-2'])
  })

  it('finds a part of an id', async () => {
    await storeTexts()
    expect(await found('ext-3')).toEqual(['text-3'])
  })

  it.each(['?!', '"', '""', '*', '" "', "'", ' - ', '()', 'AND', 'NEAR(', '\0', 'x*y"z('])(
    'is no mistake as %j',
    async (search) => {
      await storeTexts()
      expect(await found(search)).toEqual([])
      expect(await found(search, 'relevance')).toEqual([])
      expect(await countCalls(database, query('topic', { search }))).toBe(0)
    },
  )

  it('brings by relevance first what fits best, and all of it', async () => {
    await storeTexts()
    // Three times in seven words is more than once in sixteen.
    expect(await found('refund', 'relevance')).toEqual(['text-0', 'text-1'])
    expect(await found('refund', '-relevance')).toEqual(['text-0', 'text-1'])
    // Ids that fit stand before words; all four fit as well, so the newest one is first.
    expect(await found('text-', 'relevance')).toEqual(['text-3', 'text-2', 'text-1', 'text-0'])
  })

  it('orders by relevance among what a filter lets through', async () => {
    await storeTexts()
    const filter: FilterGroup = {
      operator: 'and',
      conditions: [{ field: 'call_id', op: 'neq', value: 'text-0' }],
    }
    const calls = await walk('relevance', 1, { search: 'refund', filter })
    expect(calls.map(({ callId }) => callId)).toEqual(['text-1'])
  })

  it('without text has no relevance: the newest come first', async () => {
    await storeTexts()
    expect(await found('', 'relevance')).toEqual(['text-3', 'text-2', 'text-1', 'text-0'])
  })
})

describe('a row of the list', () => {
  it('has its tags in order', async () => {
    const [first = 0, second = 0] = await storeTexts()
    await database.writer
      .insertInto('call_tag')
      .values(['b', 'a', 'B'].map((tag) => ({ call_id: first, tag })))
      .execute()
    const { items } = await listCalls(database, {
      query: query('startedAt'),
      cursor: null,
      limit: 2,
    })
    expect(items.map(({ id, tags }) => [id, tags])).toEqual([
      [first, ['B', 'a', 'b']],
      [second, []],
    ])
  })
})
