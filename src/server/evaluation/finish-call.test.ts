import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  openTemporaryDatabase,
  type StoredCall,
  saying,
  storeCalls,
} from '#testing/call-builder.ts'
import { recordResult } from '#testing/record-result.ts'
import type { NewVerdict } from '../store/verdicts.ts'
import { finishCall } from './finish-call.ts'
import { addPredefinedMetrics } from './install-metrics.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>

beforeEach(async () => {
  store = await openTemporaryDatabase()
})

afterEach(() => store.close())

/** Topic and drop-off point of a call of which two metrics found "refund" and "payment". */
async function namesOf(fields: StoredCall['fields'], found: Partial<NewVerdict> = {}) {
  const { database } = store
  const [callId = 0] = await storeCalls(database, [
    { callId: 'c', content: saying('Hello?'), ...(fields && { fields }) },
  ])
  await database.transaction(async (trx) => {
    const codes = ['topic-of-call', 'dropoff-node']
    const metrics = await addPredefinedMetrics(trx, { projectId: 1, codes, author: 'A', now: 0 })
    for (const [index, { id: metricId }] of metrics.entries()) {
      const valueText = ['refund', 'payment'][index] ?? ''
      await recordResult(trx, { callId, metricId, valueText, passed: null, score: null, ...found })
    }
    await finishCall(trx, { callId, run: null, now: 1 })
  })
  const call = database.reader.selectFrom('call').select(['topic', 'dropoff_point'])
  return call.where('id', '=', callId).executeTakeFirstOrThrow()
}

describe('finishCall', () => {
  it('names topic and drop-off point as their metrics found them', async () => {
    expect(await namesOf({})).toEqual({ topic: 'refund', dropoff_point: 'payment' })
  })

  it('keeps those that the sender gave', async () => {
    const given = { topic: 'order', dropoff_point: 'greeting' }
    expect(await namesOf(given)).toEqual(given)
  })

  it('takes none from a metric that has no result', async () => {
    const found = { state: 'failed' } as const
    expect(await namesOf({}, found)).toEqual({ topic: '', dropoff_point: '' })
  })
})
