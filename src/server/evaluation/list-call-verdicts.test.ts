import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTemporaryDatabase, saying, storeCalls } from '#testing/call-builder.ts'
import { storeMetric } from '#testing/metric-builder.ts'
import { recordResult } from '#testing/record-result.ts'
import { deleteMetric, type MetricRecord } from '../store/metrics.ts'
import { listCallVerdicts } from './list-call-verdicts.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>
let callId: number
let asked: MetricRecord
let script: MetricRecord

beforeAll(async () => {
  store = await openTemporaryDatabase()
  const { database } = store
  ;[callId = 0] = await storeCalls(database, [{ callId: 'c', content: saying('Hello?') }])
  asked = await storeMetric(database, { name: 'Asked' })
  script = await storeMetric(database, { name: 'Script', content: { kind: 'custom_code' } })
  await storeMetric(database, { name: 'Off', isEnabled: false })
  await storeMetric(database, { name: 'Of another agent', agentIds: [99] })
  await database.transaction((trx) => recordResult(trx, { callId }))
})

afterAll(() => store.close())

const list = (isConfigured: boolean, projectId = 1) =>
  listCallVerdicts(store.database, { callId, projectId, judge: { isConfigured } })

describe('listCallVerdicts', () => {
  it('gives what is stored, and why the rest of the metrics that judge the call says nothing', async () => {
    expect(await list(true)).toMatchObject({
      rubric: null,
      items: [
        { metricId: asked.id, id: null, state: 'skipped', skipReason: 'not-judged', score: null },
        { metricId: script.id, id: null, state: 'skipped', skipReason: 'not-judged' },
        { name: 'Politeness', state: 'scored', passed: false, source: 'recorded' },
      ],
    })
  })

  it('says of a metric of the judge that there is none, and only of it', async () => {
    const reasons = (await list(false))?.items.map(({ skipReason }) => skipReason)
    expect(reasons).toEqual(['no-judge', 'not-judged', null])
  })

  it('gives a result in place of the reason, also of a metric that is off since', async () => {
    const { database } = store
    const off = { isEnabled: false, name: 'Was on' }
    const metric = await storeMetric(database, off)
    const result = { callId, metricId: metric.id, metricVersion: 1 }
    await database.transaction((trx) => recordResult(trx, result))
    const names = (await list(true))?.items.map(({ name }) => name)
    expect(names).toEqual(['Asked', 'Script', 'Politeness', 'Was on'])
    const gone = { id: metric.id, projectId: 1, now: 1 }
    await database.transaction((trx) => deleteMetric(trx, gone))
    expect((await list(true))?.items).toHaveLength(3)
  })

  it('is null for a call of another project', async () => {
    expect(await list(true, 2)).toBeNull()
  })
})
