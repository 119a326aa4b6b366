import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answeredYesNo, failed, scored, skipped } from '#contract/metric-result.ts'
import { openTemporaryDatabase, storeCalls } from '#testing/call-builder.ts'
import { storeMetric } from '#testing/metric-builder.ts'
import { changeMetric, deleteMetric, ensureMetric, restoreMetric } from './metrics.ts'
import {
  currentVersions,
  listCurrentVerdicts,
  listMetricIdsOf,
  listResults,
  listVerdictHistory,
  type NewVerdict,
  readJudgeSpeed,
  recordVerdicts,
} from './verdicts.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>
let politeness: number
let mood: number

beforeAll(async () => {
  store = await openTemporaryDatabase()
  const metric = { projectId: 1, unit: '', enumValues: [], now: 1 }
  const { writer } = store.database
  politeness = await ensureMetric(writer, {
    ...metric,
    code: 'politeness',
    name: 'Politeness',
    evalType: 'binary',
  })
  mood = await ensureMetric(writer, { ...metric, code: 'mood', name: 'Mood', evalType: 'enum' })
})

afterAll(() => store.close())

const polite = (fields: Partial<NewVerdict> = {}): NewVerdict => ({
  ...answeredYesNo(true, { explanation: 'Thanks the caller (00:04).', confidence: 90 }),
  metricId: politeness,
  source: 'recorded',
  ...fields,
})

const happy = (): NewVerdict => ({
  ...scored({ valueText: 'happy', explanation: 'Thanks the caller (00:04).' }),
  metricId: mood,
  source: 'recorded',
})

async function aCall(callId: string): Promise<number> {
  const [id = 0] = await storeCalls(store.database, [{ callId }])
  return id
}

const record = (callId: number, verdicts: NewVerdict[]) =>
  store.database.transaction((trx) => recordVerdicts(trx, { callId, verdicts, now: 7 }))

const current = async (callId: number) =>
  (await listCurrentVerdicts(store.database.reader, [callId])).get(callId)

describe('results of metrics', () => {
  it('come back as they were recorded, with their metric', async () => {
    const id = await aCall('whole')
    await record(id, [happy(), polite()])
    expect(await current(id)).toMatchObject([
      { ...polite(), code: 'politeness', name: 'Politeness', evalType: 'binary' },
      { ...happy(), code: 'mood', name: 'Mood', evalType: 'enum' },
    ])
    const unknown = { metricVersion: null, runId: null, model: null, inputTokens: null }
    const cost = { outputTokens: null, costUsd: null, durationMs: null }
    expect((await current(id))?.[0]).toMatchObject({ ...unknown, ...cost, maxScore: null })
  })

  it('keep what they rest on and what they took', async () => {
    const id = await aCall('ledger')
    const evidence = [
      {
        segmentIndex: 2,
        quote: 'Thank you',
        startSeconds: 4,
        endSeconds: 5.5,
        isFound: true,
        note: '',
      },
    ]
    const found = { basis: 'audio' as const, evidence, extra: { turns: [], own: [1] } }
    const judged = { metricVersion: 3, runId: 8, model: 'm', inputTokens: 70, outputTokens: 9 }
    const verdict = polite({ ...found, ...judged, source: 'judge' })
    await record(id, [{ ...verdict, costMicroUsd: 1500, tookMs: 42, inputHash: 'abc' }])
    // 1,500 millionths of a dollar; recorded at 7 ms.
    expect(await current(id)).toEqual([
      {
        ...verdict,
        id: expect.any(Number),
        code: 'politeness',
        name: 'Politeness',
        evalType: 'binary',
        unit: '',
        maxScore: null,
        costUsd: 0.0015,
        durationMs: 42,
        createdAt: '1970-01-01T00:00:00.007Z',
      },
    ])
    const rests = { metricVersion: 3, inputHash: 'abc' }
    expect(await currentVersions(store.database.reader, id)).toEqual(
      new Map([[politeness, { ...rests, state: 'scored', skipReason: null, valueText: null }]]),
    )
  })

  it('that were skipped or broke have no value, whatever was found', async () => {
    const id = await aCall('valueless')
    await record(id, [
      polite({ ...skipped('trigger', 'Nobody was rude.') }),
      { ...happy(), ...failed('The judge is away.'), valueText: 'happy', score: 2, passed: true },
    ])
    expect(await current(id)).toMatchObject([
      { state: 'skipped', skipReason: 'trigger', score: null, passed: null },
      { state: 'failed', skipReason: null, score: null, valueText: null, passed: null },
    ])
  })

  it('of a deleted metric count no longer, and are kept in its history', async () => {
    const id = await aCall('deleted')
    await record(id, [polite(), happy()])
    await record(id, [polite({ score: 0, passed: false })])
    const removal = { id: politeness, projectId: 1, now: 9 }
    await store.database.transaction((trx) => deleteMetric(trx, removal))
    try {
      expect((await current(id))?.map(({ metricId }) => metricId)).toEqual([mood])
      const listed = await listResults(store.database.reader, {
        callIds: [id],
        metricIds: [politeness, mood],
      })
      expect(listed.get(id)?.map(({ metricId }) => metricId)).toEqual([mood])
    } finally {
      await store.database.transaction((trx) => restoreMetric(trx, removal))
    }
    const history = { callId: id, metricId: politeness }
    const { reader } = store.database
    const all = await listVerdictHistory(reader, { ...history, limit: 100 })
    expect(all.map(({ score }) => score)).toEqual([0, 5])
    const newest = await listVerdictHistory(reader, { ...history, limit: 1 })
    expect(newest.map(({ score }) => score)).toEqual([0])
  })

  it('keep the scale that the metric had when it gave them', async () => {
    const id = await aCall('scale')
    const { database } = store
    const stars = { evalType: 'rating' as const, unit: 'stars', range: { min: 1, max: 5 } }
    const metric = await storeMetric(database, { name: 'Stars', content: stars })
    const change = { content: { ...metric.content, ...stars, range: { min: 0, max: 100 } } }
    const rated = { ...scored({ score: 4 }), metricId: metric.id, source: 'judge' as const }
    const shown = { evalType: 'rating', unit: 'stars', score: 4 }
    await record(id, [rated])
    const changed = { id: metric.id, projectId: 1, change, author: 'A', now: 8 }
    await database.transaction((trx) => changeMetric(trx, changed))
    expect(await current(id)).toMatchObject([{ ...shown, maxScore: 5 }])
    // Judged by the first version, kept when there is a second one.
    await record(id, [{ ...rated, scale: metric.content }])
    const listed = { callIds: [id], metricIds: [metric.id] }
    const rows = await listResults(database.reader, listed)
    expect(rows.get(id)).toMatchObject([{ ...shown, maxScore: 5 }])
    await record(id, [rated])
    const history = { callId: id, metricId: metric.id, limit: 9 }
    const all = await listVerdictHistory(database.reader, history)
    expect(all.map(({ maxScore }) => maxScore)).toEqual([100, 5, 5])
  })

  it('are given to rows of a list for the metrics that were asked for', async () => {
    const one = await aCall('row-one')
    const other = await aCall('row-other')
    await record(one, [polite(), happy()])
    await record(other, [happy()])
    const rows = await listResults(store.database.reader, {
      callIds: [one, other],
      metricIds: [politeness],
    })
    expect([...rows.keys()]).toEqual([one])
    expect(rows.get(one)).toEqual([
      {
        metricId: politeness,
        code: 'politeness',
        name: 'Politeness',
        evalType: 'binary',
        unit: '',
        maxScore: null,
        state: 'scored',
        skipReason: null,
        source: 'recorded',
        score: 5,
        valueText: null,
        passed: true,
        explanation: 'Thanks the caller (00:04).',
        confidence: 90,
      },
    ])
  })

  it('tell how long the judge takes, without those for which it was not asked', async () => {
    const id = await aCall('speed')
    const { reader } = store.database
    const asked = (tookMs: number, inputTokens: number | null) =>
      polite({ source: 'judge', inputTokens, tookMs })
    await store.database.writer.deleteFrom('verdict').execute()
    expect(await readJudgeSpeed(reader, 1)).toBeNull()
    await record(id, [asked(100, 5)])
    await record(id, [asked(300, 5)])
    await record(id, [asked(0, null)])
    // (100 + 300) / 2
    expect(await readJudgeSpeed(reader, 1)).toBe(200)
    expect(await readJudgeSpeed(reader, 2)).toBeNull()
  })

  it('take the place of earlier ones of the same metric, which are kept', async () => {
    const id = await aCall('twice')
    await record(id, [polite(), happy()])
    await record(id, [polite({ score: 0, passed: false, source: 'judge' })])
    const listed = await current(id)
    expect(listed).toHaveLength(2)
    expect(listed?.[0]).toMatchObject({ metricId: politeness, passed: false, source: 'judge' })
    expect(listed?.[1]).toMatchObject({ metricId: mood, valueText: 'happy' })
    const kept = await store.database.reader
      .selectFrom('verdict')
      .select(['score', 'is_current'])
      .where('call_id', '=', id)
      .where('metric_id', '=', politeness)
      .orderBy('id')
      .execute()
    expect(kept).toEqual([
      { score: 5, is_current: 0 },
      { score: 0, is_current: 1 },
    ])
  })

  it('of one metric are one per call', async () => {
    const id = await aCall('double')
    await expect(record(id, [polite(), polite()])).rejects.toThrow('UNIQUE')
    expect(await current(id)).toBeUndefined()
  })

  it('are told apart by call, and a call without any is left out', async () => {
    const one = await aCall('one')
    const other = await aCall('other')
    const none = await aCall('none')
    await record(one, [polite()])
    await record(other, [happy()])
    const listed = await listCurrentVerdicts(store.database.reader, [one, other, none])
    expect([...listed].map(([id, results]) => [id, results.map((it) => it.metricId)])).toEqual([
      [one, [politeness]],
      [other, [mood]],
    ])
    expect(await listMetricIdsOf(store.database.reader, [one, other, none])).toEqual([
      politeness,
      mood,
    ])
    expect(await listMetricIdsOf(store.database.reader, [none])).toEqual([])
  })

  it('go with their call', async () => {
    const id = await aCall('gone')
    await record(id, [polite()])
    await store.database.writer.deleteFrom('call').where('id', '=', id).execute()
    expect(await current(id)).toBeUndefined()
    const rows = store.database.reader.selectFrom('verdict').select('id').where('call_id', '=', id)
    expect(await rows.execute()).toEqual([])
  })
})
