import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTemporaryDatabase, storeCalls } from '#testing/call-builder.ts'
import { deleteUnusedMetrics, ensureMetric, listMetrics, type MetricDefinition } from './metrics.ts'
import { recordVerdicts } from './verdicts.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>

beforeAll(async () => {
  store = await openTemporaryDatabase()
})

afterAll(() => store.close())

const SENTIMENT: MetricDefinition = {
  projectId: 1,
  code: 'sentiment',
  name: 'Sentiment',
  evalType: 'enum',
  unit: '',
  enumValues: ['positive', 'negative'],
}

const ensure = (definition: Partial<MetricDefinition>) =>
  ensureMetric(store.database.writer, { ...SENTIMENT, ...definition, now: 1 })

describe('metrics of a project', () => {
  it('are made once per code, and keep their id under another name', async () => {
    const id = await ensure({})
    expect(await ensure({})).toBe(id)
    expect(await ensure({ name: 'Mood', enumValues: ['good', 'bad'] })).toBe(id)
    expect(await listMetrics(store.database.reader, 1)).toEqual([
      {
        id,
        code: 'sentiment',
        name: 'Mood',
        evalType: 'enum',
        unit: '',
        enumValues: ['good', 'bad'],
      },
    ])
  })

  it('are listed by name, and those of one name by id', async () => {
    const late = await ensure({ code: 'z', name: 'Wait', evalType: 'numeric', unit: 'ms' })
    const first = await ensure({ code: 'a', name: 'Anger' })
    const same = await ensure({ code: 'b', name: 'Wait' })
    const listed = await listMetrics(store.database.reader, 1)
    const mood = listed.find(({ name }) => name === 'Mood')?.id
    expect(listed.map(({ id }) => id)).toEqual([first, mood, late, same])
    expect(listed.at(2)).toMatchObject({ evalType: 'numeric', unit: 'ms' })
  })

  it('belong to one project', async () => {
    expect(await listMetrics(store.database.reader, 2)).toEqual([])
  })

  it('go only where no call has a result of them', async () => {
    const used = await ensure({ code: 'used' })
    const unused = await ensure({ code: 'unused' })
    const [callId = 0] = await storeCalls(store.database, [{ callId: 'c' }])
    const removed = await store.database.transaction(async (trx) => {
      const result = { score: 1, valueText: null, passed: null, explanation: '', confidence: null }
      const verdicts = [{ ...result, metricId: used, source: 'judge' as const }]
      await recordVerdicts(trx, { callId, verdicts, now: 1 })
      return deleteUnusedMetrics(trx, [used, unused])
    })
    expect(removed).toEqual([unused])
    const left = (await listMetrics(store.database.reader, 1)).map(({ code }) => code)
    expect(left).toContain('used')
    expect(left).not.toContain('unused')
  })
})
