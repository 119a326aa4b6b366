import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scored } from '#contract/metric-result.ts'
import { openTemporaryDatabase, storeCalls } from '#testing/call-builder.ts'
import { storeMetric } from '#testing/metric-builder.ts'
import { changeMetric } from '../store/metrics.ts'
import { listCurrentVerdicts, recordVerdicts } from '../store/verdicts.ts'
import { toNewVerdict } from './new-verdict.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>

beforeAll(async () => {
  store = await openTemporaryDatabase()
})

afterAll(() => store.close())

describe('toNewVerdict', () => {
  it('keeps the scale by which a call was judged while the metric changed', async () => {
    const { database } = store
    const content = { evalType: 'rating' as const, range: { min: 0, max: 5 } }
    const metric = await storeMetric(database, { content })
    const verdict = toNewVerdict(scored({ score: 4 }), { metric, inputHash: '', runId: null })
    const [callId = 0] = await storeCalls(database, [{ callId: 'c' }])
    await database.transaction(async (trx) => {
      const change = { content: { ...metric.content, range: { min: 0, max: 100 } } }
      await changeMetric(trx, { id: metric.id, projectId: 1, change, author: 'A', now: 1 })
      await recordVerdicts(trx, { callId, verdicts: [verdict], now: 2 })
    })
    expect((await listCurrentVerdicts(database.reader, [callId])).get(callId)).toMatchObject([
      { score: 4, maxScore: 5, metricVersion: 1 },
    ])
  })
})
