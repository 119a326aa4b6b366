import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MetricContent } from '#contract/metric.ts'
import { answeredYesNo, type Finding, scored, skipped } from '#contract/metric-result.ts'
import type { ExpectedValue } from '#contract/review.ts'
import { openTemporaryDatabase, storeCalls } from '#testing/call-builder.ts'
import { storeMetric } from '#testing/metric-builder.ts'
import { anEvidence } from '#testing/verdict-builder.ts'
import { listAgreement, readAgreement } from './agreement.ts'
import { changeMetric, deleteMetric, type MetricRecord } from './metrics.ts'
import { recordVerdicts } from './verdicts.ts'

const DAY_MS = 86_400_000

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>
let lastCall = 0
let lastEvent = 0

beforeAll(async () => {
  store = await openTemporaryDatabase()
})

afterAll(() => store.close())

type Vote = {
  agrees?: boolean | null
  expected?: ExpectedValue
  note?: string
  reviewer?: string
  /** Counted from 1970; day 1 unless told. */
  day?: number
}

const aMetric = (content: Partial<MetricContent> = {}) =>
  storeMetric(store.database, { name: `M ${lastEvent}`, content })

/** A call of its own on which the metric found something, and people voted in this order. */
async function judge(metric: MetricRecord, finding: Finding, votes: readonly Vote[]) {
  const [callId = 0] = await storeCalls(store.database, [{ callId: `c-${++lastCall}` }])
  const verdictId = await find(metric, { callId, finding })
  for (const vote of votes) await castVote(metric, { callId, verdictId, vote })
  return { callId, verdictId }
}

async function find(
  metric: MetricRecord,
  { callId, finding }: { callId: number; finding: Finding },
): Promise<number> {
  await store.database.transaction((trx) =>
    recordVerdicts(trx, {
      callId,
      verdicts: [{ ...finding, metricId: metric.id, source: 'judge', metricVersion: 1 }],
      now: 0,
    }),
  )
  const row = await store.database.writer
    .selectFrom('verdict')
    .select('id')
    .where('call_id', '=', callId)
    .where('is_current', '=', 1)
    .executeTakeFirstOrThrow()
  return row.id
}

async function castVote(
  metric: MetricRecord,
  { callId, verdictId, vote }: { callId: number; verdictId: number | null; vote: Vote },
): Promise<void> {
  const { agrees = null, expected, note = '', reviewer = 'Ada', day = 1 } = vote
  await store.database.writer
    .insertInto('metric_vote')
    .values({
      call_id: callId,
      metric_id: metric.id,
      reviewer,
      event_id: ++lastEvent,
      verdict_id: verdictId,
      agrees: agrees === null ? null : Number(agrees),
      expected_value: expected === undefined ? null : JSON.stringify(expected),
      note,
      created_at: day * DAY_MS + 1000,
    })
    .execute()
}

const read = (metric: MetricRecord, sinceMs = 0) =>
  readAgreement(store.database, { metric, sinceMs })

const yes = answeredYesNo(true, {})
const no = answeredYesNo(false, {})

describe('agreement with people', () => {
  it('is of yes and no: who disagrees says the opposite', async () => {
    const metric = await aMetric()
    for (const _ of [1, 2, 3]) await judge(metric, yes, [{ agrees: true }])
    await judge(metric, yes, [{ agrees: false }])
    await judge(metric, no, [{ agrees: true, day: 2 }])
    await judge(metric, no, [{ expected: true, day: 2 }])
    const report = await read(metric)
    expect(report).toMatchObject({ voteCount: 6, agreedCount: 4, labels: ['Yes', 'No'] })
    expect(report.confusion).toEqual([
      [3, 1],
      [1, 1],
    ])
    // 4 of 6 the same. By chance (4 * 4 + 2 * 2) / 36 = 5/9. (6/9 - 5/9) / (4/9) = 0.25
    expect(report.kappa).toBeCloseTo(0.25, 12)
    expect(report.byDay).toEqual([
      { day: '1970-01-02', voteCount: 4, agreedCount: 3 },
      { day: '1970-01-03', voteCount: 2, agreedCount: 1 },
    ])
  })

  it('counts the newest opinion of each call alone', async () => {
    const metric = await aMetric()
    await judge(metric, yes, [
      { agrees: false, reviewer: 'Ada', day: 1 },
      { agrees: true, reviewer: 'Bo', day: 2 },
      { note: 'Heard it too.', reviewer: 'Cy', day: 3 },
    ])
    // Of the same moment: the later event.
    await judge(metric, yes, [
      { agrees: true, reviewer: 'Ada' },
      { agrees: false, reviewer: 'Bo' },
    ])
    await judge(metric, yes, [{ note: 'Hm.' }])
    const { voteCount, agreedCount, disagreements } = await read(metric)
    expect({ voteCount, agreedCount }).toEqual({ voteCount: 2, agreedCount: 1 })
    expect(disagreements.map(({ reviewer }) => reviewer)).toEqual(['Bo'])
  })

  it('is with what the metric said when it was voted on', async () => {
    const metric = await aMetric()
    const { callId } = await judge(metric, yes, [{ agrees: false }])
    await find(metric, { callId, finding: no })
    expect((await read(metric)).confusion).toEqual([
      [0, 1],
      [0, 0],
    ])
  })

  it('is of votes in the window, on results that were scored', async () => {
    const metric = await aMetric()
    await judge(metric, yes, [{ agrees: true, day: 1 }])
    await judge(metric, yes, [{ agrees: false, day: 5 }])
    await judge(metric, skipped('trigger', ''), [{ agrees: true, day: 5 }])
    const { callId } = await judge(metric, yes, [])
    await castVote(metric, { callId, verdictId: null, vote: { agrees: true, day: 5 } })
    expect(await read(metric, 5 * DAY_MS)).toMatchObject({ voteCount: 1, agreedCount: 0 })
  })

  it('is of ratings by their value: those that are only wrong have no place in the table', async () => {
    const metric = await aMetric({ evalType: 'rating', range: { min: 1, max: 10 } })
    await judge(metric, scored({ score: 10 }), [{ agrees: true }])
    await judge(metric, scored({ score: 9 }), [{ expected: 9 }])
    await judge(metric, scored({ score: 9 }), [{ agrees: false, expected: 2 }])
    await judge(metric, scored({ score: 9 }), [{ agrees: false }])
    const report = await read(metric)
    expect(report).toMatchObject({ voteCount: 4, agreedCount: 2, labels: ['2', '9', '10'] })
    expect(report.confusion).toEqual([
      [0, 0, 0],
      [1, 1, 0],
      [0, 0, 1],
    ])
    // 2 of 3 the same. By chance (0 * 1 + 2 * 1 + 1 * 1) / 9 = 1/3. (2/3 - 1/3) / (2/3) = 0.5
    expect(report.kappa).toBeCloseTo(0.5, 12)
  })

  it('is of labels in the metric’s order', async () => {
    const metric = await aMetric({ evalType: 'enum', enumValues: ['good', 'bad'] })
    const label = (valueText: string) => scored({ valueText })
    await judge(metric, label('bad'), [{ expected: 'good' }])
    await judge(metric, label('odd'), [{ expected: 'bad' }])
    const { labels, confusion } = await read(metric)
    expect(labels).toEqual(['good', 'bad', 'odd'])
    expect(confusion).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
    ])
  })

  it('shows the thirty labels that most votes name, and all others as one', async () => {
    const metric = await aMetric({ evalType: 'enum', enumValues: ['l1', 'l0'] })
    const say = (valueText: string, expected: string) =>
      judge(metric, scored({ valueText }), [{ expected }])
    for (let place = 0; place < 30; place++) {
      await say(`l${place}`, `l${(place + 1) % 30}`)
      await say(`l${place}`, `l${(place + 2) % 30}`)
    }
    await say('l0', 'rare')
    await say('rare', 'rarer')
    await say('Other', 'l0')
    const { labels, confusion, kappa, voteCount } = await read(metric)
    expect(labels).toHaveLength(31)
    expect(labels.slice(0, 3)).toEqual(['l1', 'l0', 'l10'])
    expect(labels.at(-1)).toBe('Other')
    const l0 = labels.indexOf('l0')
    expect([confusion[l0]?.[30], confusion[30]?.[30], confusion[30]?.[l0]]).toEqual([1, 1, 1])
    expect(confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(voteCount)
    // "rare" is not "rarer": none the same, so less than chance.
    expect(kappa).toBeLessThan(0)
    const listed = await listAgreement(store.database, { projectId: 1, sinceMs: 0 })
    expect(listed.find(({ metricId }) => metricId === metric.id)?.kappa).toBe(kappa)
  })

  it('has no classes of plain numbers', async () => {
    const metric = await aMetric({ evalType: 'numeric' })
    await judge(metric, scored({ score: 400 }), [{ agrees: true }])
    await judge(metric, scored({ score: 900 }), [{ expected: 300 }])
    expect(await read(metric)).toMatchObject({
      ...{ voteCount: 2, agreedCount: 1, kappa: null, labels: [], confusion: [] },
      disagreements: [{ saidValue: 900, expectedValue: 300 }],
    })
  })

  it('leaves out results of another kind, and ratings up to another top', async () => {
    const metric = await aMetric({ evalType: 'rating', range: { min: 0, max: 5 } })
    await judge(metric, scored({ score: 4 }), [{ agrees: true }])
    const change = async (content: Partial<MetricContent>) => {
      const changed = { content: { ...metric.content, ...content } }
      const named = { id: metric.id, projectId: 1, author: 'Ada', now: 1 }
      await store.database.transaction((trx) => changeMetric(trx, { ...named, change: changed }))
    }
    await change({ range: { min: 0, max: 100 } })
    expect(await read(metric)).toMatchObject({ voteCount: 0 })
    await change({ range: null })
    expect(await read(metric)).toMatchObject({ voteCount: 1 })
    await change({ evalType: 'binary' })
    expect(await read(metric)).toMatchObject({ voteCount: 0, kappa: null })
  })

  it('shows where people disagree, newest first, and where to listen', async () => {
    const metric = await aMetric()
    const evidence = [
      anEvidence({ isFound: false, startSeconds: 1 }),
      anEvidence({ startSeconds: null }),
      anEvidence({ startSeconds: 7.5 }),
    ]
    const heard = answeredYesNo(false, { evidence, explanation: 'Rude (00:07).' })
    const first = await judge(metric, heard, [{ agrees: false, note: 'It was a joke.', day: 1 }])
    const second = await judge(metric, yes, [{ agrees: false, expected: false, day: 2 }])
    await judge(metric, yes, [{ agrees: true, day: 3 }])
    const { disagreements } = await read(metric)
    expect(disagreements.map(({ callId }) => callId)).toEqual([second.callId, first.callId])
    expect(disagreements[0]).toMatchObject({ expectedValue: false, atSeconds: null })
    expect(disagreements[1]).toEqual({
      callId: first.callId,
      callName: expect.stringMatching(/^c-\d+$/),
      verdictId: first.verdictId,
      metricVersion: 1,
      saidValue: false,
      expectedValue: null,
      note: 'It was a joke.',
      explanation: 'Rude (00:07).',
      atSeconds: 7.5,
      reviewer: 'Ada',
      createdAt: '1970-01-02T00:00:01.000Z',
    })
  })

  it('shows a hundred disagreements at most', async () => {
    const metric = await aMetric()
    for (let day = 1; day <= 101; day++) await judge(metric, yes, [{ agrees: false, day }])
    const { disagreements, voteCount } = await read(metric)
    expect(voteCount).toBe(101)
    expect(disagreements).toHaveLength(100)
    expect(disagreements.at(-1)?.createdAt.slice(0, 10)).toBe('1970-01-03')
  })

  it('is listed of each live metric that has votes', async () => {
    const old = 2000 * DAY_MS
    const [voted, silent, gone] = [await aMetric(), await aMetric(), await aMetric()]
    await judge(voted, yes, [{ agrees: true, day: 2001 }])
    await judge(voted, no, [{ agrees: true, day: 2001 }])
    await judge(gone, no, [{ agrees: true, day: 2001 }])
    await store.database.transaction((trx) =>
      deleteMetric(trx, { id: gone.id, projectId: 1, now: 1 }),
    )
    const items = await listAgreement(store.database, { projectId: 1, sinceMs: old })
    expect(items).toEqual([{ metricId: voted.id, voteCount: 2, agreedCount: 2, kappa: 1 }])
    expect(items.map(({ metricId }) => metricId)).not.toContain(silent.id)
    expect(await listAgreement(store.database, { projectId: 2, sinceMs: old })).toEqual([])
  })
})
