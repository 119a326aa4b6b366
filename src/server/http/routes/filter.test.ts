import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createJudge } from '#server/judge/judge.ts'
import { storeCalls } from '#testing/call-builder.ts'
import { answers, startJudgeServer } from '#testing/judge-server.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { until } from '#testing/until.ts'

let server: TestServer
let ids: number[]

const SAID = { kind: 'speech', speaker: 'caller', text: 'I want a refund', timing: 'given' }

beforeAll(async () => {
  server = await startTestServer()
  ids = await storeCalls(server.database, [
    {
      callId: 'gold-1',
      fields: { topic: 'billing', duration_ms: 60_000 },
      content: {
        metadata: '{"plan":"gold","seats":3}',
        segments: JSON.stringify([{ ...SAID, startSeconds: 1, endSeconds: 2 }]),
        transcript_text: 'I want a refund',
      },
    },
    { callId: 'gold-2', fields: { topic: 'billing' }, content: { metadata: '{"plan":"gold"}' } },
    { callId: 'none', fields: { topic: '' } },
  ])
  await sql`insert into metric (project_id, code, name, eval_type, unit, enum_values, created_at)
    values (1, 'mood', 'Mood', 'enum', '', '["good","bad"]', 0)`.execute(server.database.writer)
})

afterAll(() => server.close())

async function get(path: string, search: Record<string, string>, from: TestServer = server) {
  const url = `${path}?${new URLSearchParams(search)}`
  const response = await from.app.inject({ url, headers: from.admin })
  return { status: response.statusCode, body: response.json() }
}

async function post(path: string, payload: object, from: TestServer = server) {
  const response = await from.app.inject({
    method: 'POST',
    url: path,
    payload,
    headers: from.admin,
  })
  return { status: response.statusCode, body: response.json() }
}

describe('GET /api/calls/facet', () => {
  it('counts the values of a field under a filter', async () => {
    const { body } = await get('/api/calls/facet', { field: 'topic', filter: 'call_id.contains.o' })
    expect(body).toEqual({
      values: [
        { value: 'billing', count: 2 },
        { value: null, count: 1 },
      ],
      isComplete: true,
      isExact: true,
    })
  })

  it('narrows them and keeps to the limit', async () => {
    const wanted = { field: 'call_id', contains: 'GOLD', limit: '1' }
    expect((await get('/api/calls/facet', wanted)).body).toEqual({
      values: [{ value: 'gold-1', count: 1 }],
      isComplete: false,
      isExact: true,
    })
  })

  it.each([
    [{ field: 'transcript' }, 'field', 'Transcript is spoken text: it has no values to list.'],
    [{ field: 'nonsense' }, 'field', 'There is no field "nonsense".'],
    [{ field: 'topic', filter: 'duration.gt.soon' }, 'filter', expect.stringContaining('soon')],
  ])('refuses %j', async (search, name, message) => {
    const { status, body } = await get('/api/calls/facet', search)
    expect(status).toBe(400)
    expect(body[name]).toEqual([message])
  })
})

describe('GET /api/calls/search-hits', () => {
  it('shows where the words are', async () => {
    const { body } = await get('/api/calls/search-hits', { ids: ids.join(','), search: 'REFUND' })
    expect(body.items).toEqual([
      {
        callId: ids[0],
        text: 'I want a refund',
        ranges: [[9, 15]],
        segmentIndex: 0,
        startSeconds: 1,
        segmentCount: 1,
      },
    ])
  })

  it('refuses more than 200 ids and what are none', async () => {
    const many = Array.from({ length: 201 }, (_, index) => index + 1).join(',')
    for (const wrong of [many, '1,x']) {
      expect(await get('/api/calls/search-hits', { ids: wrong, search: 'a' })).toMatchObject({
        status: 400,
        body: { ids: [expect.any(String)] },
      })
    }
  })
})

describe('GET /api/filter/fields', () => {
  it('lists paths by name and metrics', async () => {
    expect((await get('/api/filter/fields', {})).body).toEqual({
      attributes: [
        { name: 'metadata.plan', hasText: true, hasNumber: false },
        { name: 'metadata.seats', hasText: false, hasNumber: true },
      ],
      metrics: [{ id: 1, name: 'Mood', evalType: 'enum', unit: '', enumValues: ['good', 'bad'] }],
      canPropose: false,
    })
  })
})

describe('POST /api/filter/explain', () => {
  it('says which rules hold for a call, and the values', async () => {
    const filter = 'metadata.plan.eq.gold,duration.gt.90'
    const { body } = await post('/api/filter/explain', { call: 'gold-1', filter, search: 'refund' })
    expect(body).toMatchObject({
      kind: 'explained',
      call: { id: ids[0] },
      holds: false,
      isFound: true,
      nodes: [
        { path: [], holds: false, isSkipped: false, actual: [] },
        { path: [0], holds: true, isSkipped: false, actual: ['gold'] },
        { path: [1], holds: false, isSkipped: false, actual: [60] },
      ],
    })
  })

  it('knows calls without a filter, and not those that are not there', async () => {
    expect((await post('/api/filter/explain', { call: 'none' })).body).toMatchObject({
      kind: 'explained',
      holds: true,
      nodes: [{ path: [], isSkipped: true }],
    })
    expect((await post('/api/filter/explain', { call: 'absent' })).body).toEqual({
      kind: 'unknown-call',
    })
  })

  it('refuses a filter that cannot be read', async () => {
    const answer = await post('/api/filter/explain', { call: 'none', filter: 'duration.gt.soon' })
    expect(answer).toMatchObject({ status: 400, body: { filter: [expect.any(String)] } })
  })
})

describe('POST /api/filter/propose', () => {
  it('says how to configure a judge where there is none', async () => {
    const { status, body } = await post('/api/filter/propose', { sentence: 'long calls' })
    expect(status).toBe(400)
    expect(body.detail).toMatch(/JUDGE_URL and JUDGE_MODEL/)
  })

  it('proposes what the judge says, if it is a filter', async () => {
    const rule = { field: 'metadata.plan', op: 'eq', value: 'gold' }
    await using endpoint = await startJudgeServer({
      behaviours: [answers({ filter: JSON.stringify(rule) })],
      otherwise: { kind: 'status', status: 400, body: {} },
    })
    const judge = createJudge({ url: endpoint.url, model: 'm', apiKey: null })
    const asked = await startTestServer({ judge })
    expect((await get('/api/filter/fields', {}, asked)).body).toMatchObject({ canPropose: true })
    const wish = { sentence: 'gold customers' }
    expect((await post('/api/filter/propose', wish, asked)).body).toEqual({
      kind: 'proposed',
      filter: 'metadata.plan.eq.gold',
    })
    expect(await post('/api/filter/propose', wish, asked)).toMatchObject({
      status: 200,
      body: { kind: 'failed', message: expect.any(String) },
    })
    await asked.close()
  })

  it('is one at a time for a visitor, and keeps no other waiting', async () => {
    const answer = answers({ filter: JSON.stringify({ field: 'topic', op: 'eq', value: 'a' }) })
    await using endpoint = await startJudgeServer({
      behaviours: [{ kind: 'hang' }],
      otherwise: answer,
    })
    const judge = createJudge({ url: endpoint.url, model: 'm', apiKey: null, timeoutMs: 1000 })
    const asked = await startTestServer({ judge })
    const wish = { sentence: 'gold customers' }
    const first = post('/api/filter/propose', wish, asked)
    await until(() => endpoint.requests.length === 1)
    const second = await post('/api/filter/propose', wish, asked)
    expect(second).toMatchObject({
      status: 429,
      body: { detail: expect.stringContaining('another sentence of yours') },
    })
    const other = { ...asked, admin: await asked.keyOf('read-only') }
    const proposed = { status: 200, body: { kind: 'proposed' } }
    expect(await post('/api/filter/propose', wish, other)).toMatchObject(proposed)
    expect(await first).toMatchObject({ status: 200, body: { kind: 'failed' } })
    expect(await post('/api/filter/propose', wish, asked)).toMatchObject(proposed)
    await asked.close()
  })

  it('ends without a word when who asked has left, and lets them ask anew', async () => {
    const answer = answers({ filter: JSON.stringify({ field: 'topic', op: 'eq', value: 'a' }) })
    await using endpoint = await startJudgeServer({
      behaviours: [{ kind: 'hang' }],
      otherwise: answer,
    })
    const judge = createJudge({ url: endpoint.url, model: 'm', apiKey: null })
    const asked = await startTestServer({ judge })
    const statuses: number[] = []
    asked.app.addHook('onSend', async (_request, reply) => {
      statuses.push(reply.statusCode)
    })
    const address = await asked.app.listen({ port: 0, host: '127.0.0.1' })
    const leaving = new AbortController()
    const headers = { ...asked.admin, 'content-type': 'application/json' }
    const url = `${address}/api/filter/propose`
    const body = JSON.stringify({ sentence: 'gold customers' })
    const asking = fetch(url, { method: 'POST', headers, body, signal: leaving.signal })
    await until(() => endpoint.requests.length === 1)
    leaving.abort()
    await expect(asking).rejects.toThrow()
    const again = () => post('/api/filter/propose', { sentence: 'gold customers' }, asked)
    expect(await until(async () => (await again()).status === 200)).toBe(true)
    // 500 and more are failures of the server, which its log has.
    expect(statuses).toContain(499)
    asked.app.server.closeAllConnections()
    await asked.close()
  })

  it('is not for anyone', async () => {
    const request = {
      method: 'POST',
      url: '/api/filter/propose',
      payload: { sentence: 'x' },
    } as const
    expect((await server.app.inject(request)).statusCode).toBe(401)
  })
})
