import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { multipart } from '#testing/multipart.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'

const MEGABYTE = 1024 * 1024
const JSON_TYPE = { 'content-type': 'application/json' }

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(() => server.close())

function post(url: string, payload: string | Buffer, headers: Record<string, string>) {
  return server.app.inject({ method: 'POST', url, payload, headers })
}

describe('bodies', () => {
  it('of strangers are small', async () => {
    const body = JSON.stringify({ key: 'x'.repeat(2 * MEGABYTE) })
    for (const url of ['/api/session', '/nowhere']) {
      expect([url, (await post(url, body, JSON_TYPE)).statusCode]).toEqual([url, 413])
    }
  })

  it('that are compressed are not unpacked before anybody is asked for a key', async () => {
    const bomb = gzipSync(`{"key":"${'x'.repeat(30 * MEGABYTE)}"}`)
    const response = await post('/api/session', bomb, { ...JSON_TYPE, 'content-encoding': 'gzip' })
    expect(response.statusCode).toBe(400)
    expect(JSON.stringify(response.json())).toContain('not valid JSON')
  })

  it('of senders with a key may hold a long transcript', async () => {
    const content = 'word '.repeat(MEGABYTE)
    const body = { call_id: 'long', agent: 1, transcript_json: [{ role: 'Main Agent', content }] }
    const url = '/observability/v1/observe/'
    const refused = await post(url, JSON.stringify(body), JSON_TYPE)
    expect(refused.statusCode).toBe(401)
    const stored = await post(url, JSON.stringify(body), { ...JSON_TYPE, ...server.admin })
    expect(stored.statusCode).toBe(201)
  })

  it('in many parts are not larger than in one', async () => {
    const text = 'x'.repeat(33 * MEGABYTE)
    const form = multipart([
      { name: 'feedback', content: text },
      { name: 'metadata', content: text },
    ])
    const headers = { ...form.headers, ...server.admin }
    const response = await post('/observability/v1/observe/', form.payload, headers)
    expect(response.statusCode).toBe(413)
  })

  it('with more than 500 calls are refused', async () => {
    const calls = Array.from({ length: 501 }, (_, index) => ({ id: `b${index}`, messages: [] }))
    const body = JSON.stringify({ agent_id: 1, calls })
    const headers = { ...JSON_TYPE, ...server.admin }
    const response = await post('/observability/v1/observe/', body, headers)
    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({ calls: ['Expected at most 500 calls, got 501.'] })
  })
})

describe('an event whose sender only claims to be a provider', () => {
  it('is not kept beyond 2 MB, unless its address names an agent with a secret', async () => {
    const created = await server.app.inject({
      method: 'POST',
      url: '/api/agents',
      headers: server.admin,
      payload: { name: 'Signed', assistantId: 'a-1', webhookSecret: 'whsec' },
    })
    const { id } = created.json<{ id: number }>()
    const body = JSON.stringify({ type: 'post_call_audio', pad: 'x'.repeat(3 * MEGABYTE) })
    const headers = { ...JSON_TYPE, 'elevenlabs-signature': 't=1,v0=00' }
    const url = '/observability/v1/elevenlabs/observe/'
    expect((await post(url, body, headers)).statusCode).toBe(413)
    const named = await post(`${url}?agent_id=${id}`, body, headers)
    expect([named.statusCode, named.json().detail]).toEqual([
      401,
      'This event is not trusted: the signature is malformed.',
    ])
    expect((await server.files.survey()).keys).toEqual([])
  })
})

describe('a host that is none', () => {
  it('is refused where links are made from it', async () => {
    const headers = { ...server.admin, host: 'a b' }
    const response = await server.app.inject({ url: '/observability/v1/call-logs/', headers })
    expect(response.statusCode).toBeLessThan(500)
  })
})
