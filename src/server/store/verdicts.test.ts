import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTemporaryDatabase, storeCalls } from '#testing/call-builder.ts'
import { ensureMetric } from './metrics.ts'
import {
  listCurrentVerdicts,
  listMetricIdsOf,
  type NewVerdict,
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
  metricId: politeness,
  source: 'recorded',
  score: 5,
  valueText: null,
  passed: true,
  explanation: 'Thanks the caller (00:04).',
  confidence: 90,
  ...fields,
})

const happy = (): NewVerdict => ({
  ...polite(),
  metricId: mood,
  score: null,
  valueText: 'happy',
  passed: null,
  confidence: null,
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
    expect(await current(id)).toEqual([
      { ...polite(), code: 'politeness', name: 'Politeness', evalType: 'binary' },
      { ...happy(), code: 'mood', name: 'Mood', evalType: 'enum' },
    ])
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
