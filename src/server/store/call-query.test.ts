import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CallSortKey, CallStatus, type CallSummary, parseCallSort } from '#contract/call.ts'
import { openTemporaryDatabase, storeCalls } from '#testing/call-builder.ts'
import { type CallQuery, InvalidCursor } from './call-query.ts'
import { countCalls, listCallIds, listCalls } from './calls.ts'
import type { Database } from './database.ts'

let database: Database
let close: () => Promise<void>

beforeAll(async () => {
  ;({ database, close } = await openTemporaryDatabase())
})

afterAll(() => close())

const SORTS = CallSortKey.options.flatMap((key) => [key, `-${key}`])

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
  ...more,
})

async function walk(sort: string, limit: number): Promise<CallSummary[]> {
  const seen: CallSummary[] = []
  let cursor: string | null = null
  do {
    const page = await listCalls(database, { query: query(sort), cursor, limit })
    expect(page.items.length).toBeLessThanOrEqual(limit)
    seen.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return seen
}

const VALUE: Record<CallSortKey, (call: Fields) => string | number | null> = {
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
  const ascending = calls.toSorted(
    (a, b) => compareValues(VALUE[key](a), VALUE[key](b)) || a.id - b.id,
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

describe('a query', () => {
  it('counts what it lists', async () => {
    await replaceCalls(fc.sample(fields, { numRuns: 60, seed: 11 }))
    for (const status of CallStatus.options) {
      const wanted = query('-startedAt', { status })
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
