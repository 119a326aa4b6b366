import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MetricContent } from '#contract/metric.ts'
import { answeredYesNo, type Finding, failed, scored, skipped } from '#contract/metric-result.ts'
import { openTemporaryDatabase, storeCalls } from '#testing/call-builder.ts'
import { readMetricStatistics, type StatisticsEffort } from './metric-statistics.ts'
import { changeMetric, insertMetric, type MetricRecord } from './metrics.ts'
import { QueryTimeout } from './slow-read-errors.ts'
import { recordVerdicts } from './verdicts.ts'

const DAY_MS = 86_400_000

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>
let lastCall = 0

beforeAll(async () => {
  store = await openTemporaryDatabase()
})

afterAll(() => store.close())

const aMetric = (content: Partial<MetricContent>) =>
  store.database.transaction((trx) =>
    insertMetric(trx, {
      projectId: 1,
      code: null,
      settings: {
        name: 'M',
        direction: 'neutral',
        category: null,
        isEnabled: true,
        isSampled: false,
        agentIds: [],
      },
      content: {
        kind: 'computed',
        functionName: null,
        evalType: 'numeric',
        unit: '',
        range: null,
        enumValues: [],
        prompt: '',
        code: '',
        trigger: { kind: 'always' },
        priorityPrompt: '',
        configuration: {},
        ...content,
      },
      isPredefined: false,
      author: 'Ada',
      now: 0,
    }),
  )

/** Gives a metric these results, each on a call of its own that began on the given day, counted from 1970. */
async function find(metric: MetricRecord, results: readonly [day: number, finding: Finding][]) {
  const ids = await storeCalls(
    store.database,
    results.map(([day]) => ({
      callId: `c-${++lastCall}`,
      fields: { started_at: day * DAY_MS + 1000 },
    })),
  )
  await store.database.transaction(async (trx) => {
    for (const [index, [, finding]] of results.entries()) {
      const verdict = { metricId: metric.id, source: 'measured' as const }
      const record = (one: Finding) =>
        recordVerdicts(trx, {
          callId: ids[index] ?? 0,
          verdicts: [{ ...verdict, ...one }],
          now: 1,
        })
      // One that counts no longer must not be counted.
      await record(scored({ score: 1e6, passed: false, valueText: 'old' }))
      await record(finding)
    }
  })
}

const read = (metric: MetricRecord, sinceMs = 0, effort?: StatisticsEffort) =>
  readMetricStatistics(store.database, { metric, sinceMs, ...(effort && { effort }) })

const number = (score: number, passed: boolean | null = null) => scored({ score, passed })

describe('statistics of a metric', () => {
  it('are of the current results, by day, and say what was skipped and what broke', async () => {
    const metric = await aMetric({})
    await find(metric, [
      [2, number(2, true)],
      [2, number(4, false)],
      [2, skipped('trigger', '')],
      [3, number(9, true)],
      [3, failed('broke')],
      [4, skipped('sampling', '')],
    ])
    expect(await read(metric)).toEqual({
      scoredCount: 3,
      skippedCount: 2,
      failedCount: 1,
      // Two of three.
      passRate: 2 / 3,
      // (2 + 4 + 9) / 3
      mean: 5,
      p50: 4,
      p95: 9,
      // Whole numbers from 2 to 9: a bin each.
      bins: [1, 0, 1, 0, 0, 0, 0, 1].map((count, index) => ({
        from: index + 2,
        to: index + 3,
        label: String(index + 2),
        count,
      })),
      days: [
        { day: '1970-01-03', count: 2, passedCount: 1, failedCount: 1, mean: 3 },
        { day: '1970-01-04', count: 1, passedCount: 1, failedCount: 0, mean: 9 },
      ],
      isExact: true,
    })
  })

  it('are of the calls since a time, in one project', async () => {
    const metric = await aMetric({})
    await find(metric, [
      [2, number(2)],
      [3, number(7)],
    ])
    const since = await read(metric, 3 * DAY_MS)
    expect(since).toMatchObject({ scoredCount: 1, mean: 7, passRate: null })
    const foreign = { ...metric, projectId: 2 }
    expect(await read(foreign)).toMatchObject({ scoredCount: 0, mean: null, bins: [], days: [] })
  })

  it('put numbers into twenty bins of equal width, the largest into the last', async () => {
    const metric = await aMetric({})
    await find(metric, [
      [1, number(0.5)],
      [1, number(1.4)],
      [1, number(10)],
      [1, number(20.5)],
    ])
    const { bins, p50, p95 } = await read(metric)
    // From 0.5 to 20.5: each bin is 1 wide; 10 lies 9.5 behind the start.
    expect(bins).toHaveLength(20)
    expect(bins.flatMap(({ count }, index) => (count > 0 ? [[index, count]] : []))).toEqual([
      [0, 2],
      [9, 1],
      [19, 1],
    ])
    expect(bins[9]).toMatchObject({ from: 9.5, to: 10.5, label: '9.5 – 10.5' })
    // Of four the 2nd (half of them reach no further) and the 4th.
    expect([p50, p95]).toEqual([1.4, 20.5])
  })

  it('spread a rating over its scale', async () => {
    const csat = await aMetric({ evalType: 'rating', range: { min: 0, max: 100 } })
    await find(csat, [
      [1, number(50)],
      [1, number(100)],
    ])
    const { bins } = await read(csat)
    // Twenty bins of 5.
    expect(bins[10]).toEqual({ from: 50, to: 55, label: '50 – 55', count: 1 })
    expect(bins[19]).toMatchObject({ from: 95, to: 100, count: 1 })
  })

  it('leave out ratings up to another top, and results of another kind', async () => {
    const range = (max: number) => ({ range: { min: 0, max } })
    const first = await aMetric({ evalType: 'rating', ...range(5) })
    await find(first, [
      [1, number(4)],
      [1, skipped('trigger', '')],
    ])
    const change = async (content: Partial<MetricContent>) => {
      const changed = { content: { ...first.content, ...content } }
      const named = { id: first.id, projectId: 1, author: 'Ada', now: 1 }
      const { database } = store
      const metric = await database.transaction((trx) =>
        changeMetric(trx, { ...named, change: changed }),
      )
      return metric ?? first
    }
    const wider = await change(range(100))
    await find(wider, [[1, number(80)]])
    expect(await read(wider)).toMatchObject({ scoredCount: 1, skippedCount: 0, mean: 80 })
    // From 1 to 100 is as high as before.
    const narrower = await change({ range: { min: 1, max: 100 } })
    expect(await read(narrower)).toMatchObject({ scoredCount: 1, mean: 80 })
    const numeric = await change({ evalType: 'numeric', range: null })
    await find(numeric, [[1, number(7)]])
    expect(await read(numeric)).toMatchObject({ scoredCount: 1, mean: 7 })
    expect(await read(await change(range(5)))).toMatchObject({ scoredCount: 1, mean: 4 })
  })

  it('take a rating without a range to end at 5', async () => {
    const unbounded = await aMetric({ evalType: 'rating' })
    await find(unbounded, [[1, number(4)]])
    expect(await read(unbounded)).toMatchObject({ scoredCount: 1 })
    const bounded = { ...unbounded.content, range: { min: 0, max: 5 } }
    expect(await read({ ...unbounded, content: bounded })).toMatchObject({ scoredCount: 1 })
  })

  it('are of the newest calls alone, and say so, where all take too long', async () => {
    const metric = await aMetric({})
    await find(metric, [
      [90, number(100)],
      [91, number(3)],
      [92, skipped('trigger', '')],
      [93, number(5)],
    ])
    const { slow } = store.database
    const waits: (number | undefined)[] = []
    const busy: typeof slow = {
      ...slow,
      snapshot: async (work, limits) => {
        waits.push(limits?.timeoutMs)
        if (waits.length === 1) throw new QueryTimeout(0)
        return slow.snapshot(work, limits)
      },
    }
    const question = { metric, sinceMs: 90 * DAY_MS }
    const effort = { timeoutMs: 60_000, newestCalls: 3 }
    const late = { ...store.database, slow: busy }
    // Of the last three calls: (3 + 5) / 2.
    expect(await readMetricStatistics(late, { ...question, effort })).toMatchObject({
      ...{ isExact: false, scoredCount: 2, skippedCount: 1, mean: 4 },
      days: [{ day: '1970-04-02' }, { day: '1970-04-04' }],
    })
    expect(waits).toEqual([60_000, 60_000])
  })

  it('are not tried again where the database fails', async () => {
    const metric = await aMetric({})
    const failures = [new Error('The disk is full.'), new Error('Asked again.')]
    const slow = {
      ...store.database.slow,
      snapshot: () => Promise.reject(failures.shift() ?? new Error('Asked too often.')),
    }
    const reading = readMetricStatistics({ ...store.database, slow }, { metric, sinceMs: 0 })
    await expect(reading).rejects.toThrow('The disk is full.')
  })

  it('count yes and no', async () => {
    const metric = await aMetric({ evalType: 'binary' })
    await find(metric, [
      [1, answeredYesNo(true, {})],
      [1, answeredYesNo(true, {})],
      [1, answeredYesNo(false, {})],
    ])
    const { bins, passRate } = await read(metric)
    expect(bins.map(({ label, count }) => [label, count])).toEqual([
      ['Yes', 2],
      ['No', 1],
    ])
    expect(passRate).toBe(2 / 3)
  })

  it('count labels in the order of the metric, and those it no longer knows behind them', async () => {
    const metric = await aMetric({ evalType: 'enum', enumValues: ['good', 'bad', 'none'] })
    await find(
      metric,
      ['bad', 'odd', 'good', 'bad'].map((valueText) => [1, scored({ valueText })]),
    )
    const { bins, mean } = await read(metric)
    expect(bins.map(({ label, count }) => [label, count])).toEqual([
      ['good', 1],
      ['bad', 2],
      ['none', 0],
      ['odd', 1],
    ])
    expect(mean).toBeNull()
  })
})
