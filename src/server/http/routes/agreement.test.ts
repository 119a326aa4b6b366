import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AGREEMENT_DAYS } from '#contract/agreement.ts'
import { answeredYesNo } from '#contract/metric-result.ts'
import { hashSecret } from '#server/access/secrets.ts'
import { insertApiKey } from '#server/store/api-keys.ts'
import { recordVerdicts } from '#server/store/verdicts.ts'
import { storeCalls } from '#testing/call-builder.ts'
import { storeMetric } from '#testing/metric-builder.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'

const DAY_MS = 86_400_000

let server: TestServer
let ours: Record<string, string>
let theirs: Record<string, string>
let metricId: number
let callId: number

beforeAll(async () => {
  server = await startTestServer()
  const { database } = server
  const project = { duplicate_policy: 'update', accepts_metadata_only: 0, created_at: 0 } as const
  await database.writer
    .insertInto('project')
    .values({ id: 2, name: 'Theirs', updated_at: 0, ...project })
    .execute()
  const key = 'tt_their-key-that-is-long-enough'
  const row = { projectId: 2, name: 'theirs', scope: 'project', hint: 'tt_', now: 0 } as const
  await insertApiKey(database.writer, { ...row, keyHash: hashSecret(key) })
  theirs = { 'x-cekura-api-key': key }
  ours = await server.keyOf('project')
  metricId = (await storeMetric(database)).id
  callId = (await storeCalls(database, [{ callId: 'call-1' }]))[0] ?? 0
  await vote({ agrees: 0, daysAgo: 40 })
})

afterAll(() => server.close())

/** A result of the metric on the call, and what a person says of it. */
async function vote({ agrees, daysAgo }: { agrees: 0 | 1; daysAgo: number }): Promise<void> {
  const { database } = server
  const verdict = { ...answeredYesNo(true, {}), metricId, source: 'judge' } as const
  await database.transaction((trx) => recordVerdicts(trx, { callId, verdicts: [verdict], now: 0 }))
  const { id } = await database.writer
    .selectFrom('verdict')
    .select('id')
    .where('is_current', '=', 1)
    .executeTakeFirstOrThrow()
  const row = { call_id: callId, metric_id: metricId, reviewer: 'Ada', event_id: 1 }
  const said = { verdict_id: id, agrees, expected_value: null, note: 'No.' }
  await database.writer
    .insertInto('metric_vote')
    .values({ ...row, ...said, created_at: Date.now() - daysAgo * DAY_MS })
    .execute()
}

const get = (url: string, headers = ours) => server.app.inject({ url, headers })

describe('agreement', () => {
  it('is of the days that are asked for, 30 where nothing is said', async () => {
    expect((await get('/api/agreement')).json()).toEqual({ days: AGREEMENT_DAYS, items: [] })
    expect((await get(`/api/agreement/${metricId}`)).json()).toMatchObject({
      ...{ days: 30, voteCount: 0, kappa: null, labels: [], disagreements: [], byDay: [] },
    })
    const longer = (await get(`/api/agreement/${metricId}?days=90`)).json()
    expect(longer).toMatchObject({ days: 90, voteCount: 1, agreedCount: 0, kappa: null })
    expect(longer.disagreements).toMatchObject([{ callId, callName: 'call-1', saidValue: true }])
    server.setNow(new Date(Date.now() - 20 * DAY_MS))
    expect((await get('/api/agreement')).json().items).toMatchObject([{ metricId, voteCount: 1 }])
    server.setNow(new Date())
  })

  it('says what is wrong with the days', async () => {
    for (const days of ['0', '367', 'many']) {
      const answer = await get(`/api/agreement/${metricId}?days=${days}`)
      expect(answer.statusCode).toBe(400)
      expect(Object.keys(answer.json())).toEqual(['days'])
    }
  })

  it('is of the visitor’s project alone, and of metrics that are there', async () => {
    server.setNow(new Date(Date.now() - 20 * DAY_MS))
    expect((await get('/api/agreement', theirs)).json().items).toEqual([])
    server.setNow(new Date())
    for (const [id, headers] of [[metricId, theirs] as const, [999, ours] as const]) {
      const answer = await get(`/api/agreement/${id}`, headers)
      expect([answer.statusCode, answer.json()]).toEqual([404, { detail: 'Metric not found.' }])
    }
    expect((await get('/api/agreement', {})).statusCode).toBe(401)
  })
})
