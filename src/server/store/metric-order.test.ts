import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { FilterGroup } from '#contract/filter.ts'
import { failed, scored } from '#contract/metric-result.ts'
import { openTemporaryDatabase, saying, storeCalls } from '#testing/call-builder.ts'
import { findPage } from './call-plan.ts'
import { type CallQuery, cursorOf, InvalidCursor, metricPage } from './call-query.ts'
import { withCallSnapshot } from './call-snapshots.ts'
import { listCallIds, listCalls } from './calls.ts'
import { ensureMetric } from './metrics.ts'
import { recordVerdicts } from './verdicts.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>
let latency: number
let other: number

beforeAll(async () => {
  store = await openTemporaryDatabase()
  const metric = { projectId: 1, evalType: 'numeric', unit: '', enumValues: [], now: 1 } as const
  const { writer } = store.database
  latency = await ensureMetric(writer, { ...metric, code: 'latency', name: 'Latency' })
  other = await ensureMetric(writer, { ...metric, code: 'other', name: 'Other' })
})

afterEach(async () => {
  await store.database.writer.deleteFrom('call').execute()
  await store.database.writer.updateTable('metric').set({ deleted_at: null }).execute()
})

afterAll(() => store.close())

type Scored = { id: number; score: number | null; topic: string }

/** Calls with these numbers of the metric, each after a number that counts no longer, and with one of another metric. */
async function storeScored(calls: readonly Omit<Scored, 'id'>[]): Promise<Scored[]> {
  const { database } = store
  const ids = await storeCalls(
    database,
    calls.map(({ topic }, index) => ({
      callId: `c-${index}`,
      fields: { topic },
      content: saying(topic === 'refund' ? 'a refund please' : 'hello'),
    })),
  )
  const stored = calls.map((call, index) => ({ ...call, id: ids[index] ?? 0 }))
  await database.transaction(async (trx) => {
    for (const { id, score } of stored) {
      const record = (metricId: number, value: number) =>
        recordVerdicts(trx, {
          callId: id,
          verdicts: [{ ...scored({ score: value }), metricId, source: 'measured' }],
          now: 1,
        })
      await record(other, 50 - id)
      await record(latency, 99 - id)
      if (score !== null) await record(latency, score)
      else {
        const verdicts = [{ ...failed('broke'), metricId: latency, source: 'measured' as const }]
        await recordVerdicts(trx, { callId: id, verdicts, now: 2 })
      }
    }
  })
  return stored
}

/** The ids as a plain sort gives them: numbers first, ties by id, the rest by id. */
function sorted(calls: readonly Scored[], direction: 'asc' | 'desc'): number[] {
  const sign = direction === 'asc' ? 1 : -1
  return calls
    .toSorted((a, b) => {
      if (a.score === null || b.score === null) {
        return Number(a.score === null) - Number(b.score === null) || sign * (a.id - b.id)
      }
      return sign * (a.score - b.score || a.id - b.id)
    })
    .map(({ id }) => id)
}

const by = (direction: 'asc' | 'desc', more: Partial<CallQuery> = {}): CallQuery => ({
  projectId: 1,
  sort: `${direction === 'desc' ? '-' : ''}metric:${latency}`,
  now: 0,
  ...more,
})

async function walk(query: CallQuery, limit: number): Promise<number[]> {
  const seen: number[] = []
  let cursor: string | null = null
  do {
    const page = await listCalls(store.database, { query, cursor, limit })
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  } while (cursor !== null)
  return seen
}

const REFUNDS: FilterGroup = {
  operator: 'and',
  conditions: [{ field: 'topic', op: 'eq', value: 'refund' }],
}

const some = fc.record({
  score: fc.constantFrom(null, null, -1, 0, 0.5, 1, 1e9),
  topic: fc.constantFrom('refund', 'other'),
})

describe('the order of a metric', () => {
  it('is visited page by page as a plain sort has it, both ways, with filter and search too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(some, { maxLength: 25 }),
        fc.integer({ min: 1, max: 9 }),
        async (calls, limit) => {
          const stored = await storeScored(calls)
          const refunds = stored.filter(({ topic }) => topic === 'refund')
          for (const direction of ['asc', 'desc'] as const) {
            const expected = { all: sorted(stored, direction), some: sorted(refunds, direction) }
            expect(await walk(by(direction), limit)).toEqual(expected.all)
            expect(await walk(by(direction, { filter: REFUNDS }), limit)).toEqual(expected.some)
            expect(await walk(by(direction, { search: 'refund' }), limit)).toEqual(expected.some)
          }
          await store.database.writer.deleteFrom('call').execute()
        },
      ),
      { numRuns: 15 },
    )
  })

  it('is the same whichever way the calls of a filter are found', async () => {
    const stored = await storeScored(fc.sample(some, { numRuns: 60, seed: 3 }))
    const refunds = stored.filter(({ topic }) => topic === 'refund')
    const efforts = [
      { few: 1000, window: 1, many: 1 },
      { few: 0, window: 10, many: 0 },
      { few: 0, window: 10, many: 1000 },
      { few: 0, window: 1000, many: 0 },
    ]
    for (const effort of efforts) {
      for (const direction of ['asc', 'desc'] as const) {
        const query = by(direction, { filter: REFUNDS })
        const seen: number[] = []
        for (let cursor: string | null = null; ; ) {
          const page = await findPage(store.database, { query, cursor, limit: 4, effort })
          seen.push(...page.map(({ id }) => id))
          const last = page.at(-1)
          if (last === undefined) break
          cursor = cursorOf(last, query)
        }
        expect([effort, seen]).toEqual([effort, sorted(refunds, direction)])
      }
    }
  })

  it('agrees with paging by number, and with an export', async () => {
    const stored = await storeScored(fc.sample(some, { numRuns: 23, seed: 9 }))
    for (const direction of ['asc', 'desc'] as const) {
      const query = by(direction)
      const numbered: number[] = []
      for (let offset = 0; offset < 24; offset += 4) {
        numbered.push(...(await listCallIds(store.database, { query, offset, limit: 4 })))
      }
      expect(numbered).toEqual(sorted(stored, direction))
      const { signal } = new AbortController()
      const exported = await withCallSnapshot(
        store.database,
        { query, signal, timeoutMs: 5000 },
        async ({ ids }) => {
          const all: number[] = []
          for await (const batch of ids) all.push(...batch)
          return all
        },
      )
      expect(exported).toEqual(sorted(stored, direction))
    }
  })

  it('knows no number of a deleted metric, or of one of another project', async () => {
    const stored = await storeScored([
      { score: 3, topic: '' },
      { score: 1, topic: '' },
      { score: 2, topic: '' },
    ])
    const [a, b, c] = stored.map(({ id }) => id)
    expect(await walk(by('asc'), 2)).toEqual([b, c, a])
    const foreign = { ...by('asc'), projectId: 2 }
    expect(await walk(foreign, 2)).toEqual([])
    await store.database.writer
      .updateTable('metric')
      .set({ deleted_at: 5 })
      .where('id', '=', latency)
      .execute()
    expect(await walk(by('asc'), 2)).toEqual([a, b, c])
    expect(await walk(by('desc'), 2)).toEqual([c, b, a])
  })

  it('has cursors of its own', async () => {
    await storeScored([
      { score: 3, topic: '' },
      { score: 1, topic: '' },
    ])
    const { nextCursor } = await listCalls(store.database, {
      query: by('asc'),
      cursor: null,
      limit: 1,
    })
    const elsewhere = { query: { ...by('asc'), sort: `metric:${other}` }, limit: 1 }
    await expect(listCalls(store.database, { ...elsewhere, cursor: nextCursor })).rejects.toThrow(
      InvalidCursor,
    )
  })

  it.each(['asc', 'desc'] as const)(
    'is walked %s along the index of numbers, without sorting',
    async (direction) => {
      const { database } = store
      const query = by(direction)
      const cursor = cursorOf({ id: 7, place: 0.5 }, query)
      const page = metricPage(database, { query, cursor })
      const planOf = async (part: {
        compile: () => { sql: string; parameters: readonly unknown[] }
      }) => {
        const compiled = part.compile()
        const text = compiled.sql.split('?')
        const bound = text.flatMap((piece, index) =>
          index === 0 ? [sql.raw(piece)] : [sql`${compiled.parameters[index - 1]}`, sql.raw(piece)],
        )
        const { rows } = await sql<{
          detail: string
        }>`explain query plan ${sql.join(bound, sql``)}`.execute(database.reader)
        return rows.map(({ detail }) => detail).join('\n')
      }
      const scoredPart = page?.scored?.select('call.id').limit(60)
      const others = page?.others.select('call.id').limit(60)
      if (!scoredPart || !others) throw new Error('The order of a metric has two parts.')
      const scoredPlan = await planOf(scoredPart)
      expect(scoredPlan).toContain('USING COVERING INDEX verdict_by_score (metric_id=? AND ')
      expect(scoredPlan).toContain(`(score,call_id)${direction === 'asc' ? '>' : '<'}(?,?)`)
      expect(scoredPlan).not.toContain('TEMP B-TREE')
      const othersPlan = await planOf(others)
      expect(othersPlan).toContain('verdict_current (call_id=? AND metric_id=?)')
      expect(othersPlan).not.toContain('TEMP B-TREE')
    },
  )
})
