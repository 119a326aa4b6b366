import { createHash, createHmac } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AgentInput } from '#contract/agent.ts'
import { loadWebhook } from '#testing/load-webhook.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { until } from '#testing/until.ts'
import { wavWithTones } from '#testing/wav.ts'
import { insertAgent } from '../../store/agents.ts'

let server: TestServer
let key: string

beforeAll(async () => {
  server = await startTestServer({ environment: { MAX_RECORDING_MB: '1' } })
  key = server.admin['x-cekura-api-key'] ?? ''
  for (const provider of ['vapi', 'retell', 'elevenlabs'] as const) {
    for (const webhookSecret of [null, SECRET]) {
      const assistantId = assistantOf(provider, webhookSecret !== null)
      const agent = AgentInput.parse({ name: assistantId, assistantId, provider, webhookSecret })
      await insertAgent(server.database.writer, { projectId: 1, agent, isDemo: false, now: 0 })
    }
  }
})

afterAll(() => server.close())

type ProviderName = 'vapi' | 'retell' | 'elevenlabs'

const SECRET = 'whsec_for_tests'
const MINUTE_MS = 60_000
const SAMPLES: Record<ProviderName, string> = {
  vapi: 'vapi-end-of-call-report',
  retell: 'retell-call-analyzed',
  elevenlabs: 'elevenlabs-transcription',
}
const ASSISTANT: Record<ProviderName, string> = {
  vapi: 'as-night-desk',
  retell: 'agent_praxis',
  elevenlabs: 'agent_lotus',
}
const OTHER_EVENTS: Record<ProviderName, object[]> = {
  vapi: ['status-update', 'transcript', 'tool-calls', 'assistant-request'].map((type) => ({
    message: { type, call: { id: 'other', assistantId: 'as-night-desk' } },
  })),
  retell: ['call_started', 'transcript_updated', 'chat_ended'].map((event) => ({
    event,
    call: { call_id: 'other', agent_id: 'agent_praxis' },
  })),
  elevenlabs: [{ type: 'something_new', data: { conversation_id: 'other' } }],
}

function assistantOf(provider: ProviderName, hasSecret: boolean): string {
  return hasSecret ? `${ASSISTANT[provider]}-signed` : ASSISTANT[provider]
}

/** A sample with an id of its own, for the agent with or without a secret. */
function eventOf(
  provider: ProviderName,
  { callId, isSigned = false, sample }: { callId: string; isSigned?: boolean; sample?: string },
) {
  const text = JSON.stringify(loadWebhook(sample ?? SAMPLES[provider]))
  const ids = [/11111111-2222-4333-8444-555555555555/g, /call_oettl1/g, /conv_lotus1/g]
  const body = ids.reduce((renamed, id) => renamed.replace(id, callId), text)
  return body.replaceAll(`"${ASSISTANT[provider]}"`, `"${assistantOf(provider, isSigned)}"`)
}

function post(
  provider: ProviderName,
  body: string | Buffer,
  { headers = {}, query = '' }: { headers?: Record<string, string>; query?: string } = {},
) {
  return server.app.inject({
    method: 'POST',
    url: `/observability/v1/${provider}/observe/${query}`,
    headers: { 'content-type': 'application/json', ...headers },
    payload: body,
  })
}

const hmac = (data: string, secret: string) =>
  createHmac('sha256', secret).update(data).digest('hex')

/** The headers with which a provider signs a body at a time. */
const SIGN: Record<
  ProviderName,
  (signed: { body: string; at: number; secret: string }) => Record<string, string>
> = {
  vapi: ({ body, at, secret }) => ({
    'x-signature': hmac(`${at}.${body}`, secret),
    'x-timestamp': String(at),
  }),
  retell: ({ body, at, secret }) => ({
    'x-retell-signature': `v=${at},d=${hmac(body + at, secret)}`,
  }),
  elevenlabs: ({ body, at, secret }) => {
    const seconds = Math.floor(at / 1000)
    return { 'elevenlabs-signature': `t=${seconds},v0=${hmac(`${seconds}.${body}`, secret)}` }
  },
}
/** Older than any provider's limit: 5, 30 and 30 minutes. */
const TOO_OLD_MS = 31 * MINUTE_MS

async function callsOf(callId: string) {
  const rows = await server.database.reader
    .selectFrom('call')
    .selectAll()
    .where('call_id', '=', callId)
    .execute()
  return rows
}

async function onlyCallOf(callId: string) {
  const [call, ...others] = await callsOf(callId)
  if (call === undefined || others.length > 0) throw new Error(`${others.length} more of ${callId}`)
  return call
}

const payloadsOf = async (id: number) => {
  const rows = await server.database.reader
    .selectFrom('call_payload')
    .select(['revision', 'source', 'body'])
    .where('call_id', '=', id)
    .orderBy('id')
    .execute()
  return rows.map(({ body, ...row }) => ({ ...row, body: JSON.parse(body) }))
}

const countCalls = async () =>
  (await server.database.reader.selectFrom('call').select('id').execute()).length

describe.each(['vapi', 'retell', 'elevenlabs'] as const)('%s events', (provider) => {
  it('are stored with the key in the header, in its old name, as a bearer, or in the address', async () => {
    const ways: Parameters<typeof post>[2][] = [
      { headers: { 'x-cekura-api-key': key } },
      { headers: { 'x-vocera-api-key': key } },
      { headers: { authorization: `Bearer ${key}` } },
      { query: `?api_key=${key}` },
    ]
    for (const [index, way] of ways.entries()) {
      const callId = `${provider}-key-${index}`
      const response = await post(provider, eventOf(provider, { callId }), way)
      expect([index, response.statusCode, response.json()]).toEqual([index, 200, {}])
      expect(await onlyCallOf(callId)).toMatchObject({
        status: 'evaluating',
        agent_name: ASSISTANT[provider],
      })
    }
  })

  it('are refused without a key, with a wrong one, or with one that may only read', async () => {
    const readOnly = await server.keyOf('read-only')
    const before = await countCalls()
    const ways = [
      {},
      { headers: { 'x-cekura-api-key': 'tt_wrong' } },
      { headers: readOnly },
      { query: '?api_key=tt_wrong' },
    ]
    for (const way of ways) {
      const response = await post(provider, eventOf(provider, { callId: 'no' }), way)
      expect(response.statusCode).toBe(401)
      expect(response.json().detail).toContain('not trusted')
    }
    expect(await countCalls()).toBe(before)
  })

  it('of an agent with a secret are stored by their signature alone', async () => {
    const callId = `${provider}-signed`
    const body = eventOf(provider, { callId, isSigned: true })
    const headers = SIGN[provider]({ body, at: Date.now(), secret: SECRET })
    expect((await post(provider, body, { headers })).statusCode).toBe(200)
    expect(await onlyCallOf(callId)).toMatchObject({ agent_name: `${ASSISTANT[provider]}-signed` })
  })

  it('are refused where the signature is missing, wrong, too old, or of another body', async () => {
    const body = eventOf(provider, { callId: `${provider}-forged`, isSigned: true })
    const at = Date.now()
    const sign = SIGN[provider]
    const headers = sign({ body, at, secret: SECRET })
    const changedByOneByte = body.replace('"user"', '"uses"')
    expect(changedByOneByte).not.toBe(body)
    const deliveries = [
      { body, headers: {}, reason: 'missing' },
      { body, headers: sign({ body, at, secret: 'whsec_other' }), reason: 'mismatch' },
      { body, headers: sign({ body, at: at - TOO_OLD_MS, secret: SECRET }), reason: 'too-old' },
      { body: changedByOneByte, headers, reason: 'mismatch' },
      { body: `${body} `, headers, reason: 'mismatch' },
    ]
    for (const { reason, ...delivery } of deliveries) {
      // A key does not replace the signature of an agent that has a secret.
      for (const keyHeader of [{}, server.admin]) {
        const sent = { ...delivery.headers, ...keyHeader }
        const response = await post(provider, delivery.body, { headers: sent })
        expect([reason, response.statusCode]).toEqual([reason, 401])
        const hasNoProof = reason === 'missing'
        expect(response.json().detail).toMatch(
          hasNoProof ? /signature is missing|no signature was sent/ : reason,
        )
      }
    }
    expect(await callsOf(`${provider}-forged`)).toEqual([])
  })

  it('of any kind are not even read without a key or a signature', async () => {
    for (const event of OTHER_EVENTS[provider]) {
      const response = await post(provider, JSON.stringify(event), { headers: {} })
      expect(response.statusCode).toBe(401)
    }
  })

  it('of other kinds are answered 200 and leave nothing behind', async () => {
    const [before, { keys }] = [await countCalls(), await server.files.survey()]
    for (const event of OTHER_EVENTS[provider]) {
      const response = await post(provider, JSON.stringify(event), { headers: server.admin })
      expect([response.statusCode, response.json()]).toEqual([200, {}])
    }
    expect(await countCalls()).toBe(before)
    expect((await server.files.survey()).keys).toEqual(keys)
  })

  it('of an unknown agent are refused, unless the address names ours', async () => {
    const body = eventOf(provider, { callId: `${provider}-named` }).replaceAll(
      `"${ASSISTANT[provider]}"`,
      '"nobody"',
    )
    const refused = await post(provider, body, { headers: server.admin })
    expect(refused.statusCode).toBe(400)
    expect(refused.json()).toEqual({ assistant_id: ['No agent found for assistant_id "nobody".'] })
    expect((await post(provider, body)).statusCode).toBe(401)
    const missing = await post(provider, body, { headers: server.admin, query: '?agent_id=999' })
    expect(missing.statusCode).toBe(400)
    const named = await post(provider, body, { headers: server.admin, query: '?agent_id=1' })
    expect(named.statusCode).toBe(200)
    expect(await onlyCallOf(`${provider}-named`)).toMatchObject({ agent_id: 1 })
  })

  it('that come twice change nothing', async () => {
    const callId = `${provider}-twice`
    const body = eventOf(provider, { callId })
    for (let times = 0; times < 3; times++) {
      expect((await post(provider, body, { headers: server.admin })).statusCode).toBe(200)
    }
    const call = await onlyCallOf(callId)
    expect(call.revision).toBe(1)
    expect(await payloadsOf(call.id)).toHaveLength(1)
  })

  it('with new content are a new revision, and the earlier payload stays', async () => {
    const callId = `${provider}-revised`
    const body = eventOf(provider, { callId })
    await post(provider, body, { headers: server.admin })
    // The end reason: a key of each provider, with another word.
    const reason = /"(endedReason|disconnection_reason|termination_reason)":"[^"]*"/g
    await post(provider, body.replace(reason, '"$1":"transferred"'), { headers: server.admin })
    const call = await onlyCallOf(callId)
    expect(call).toMatchObject({ revision: 2, ended_reason: 'transferred', status: 'evaluating' })
    expect(await payloadsOf(call.id)).toMatchObject([{ revision: 1 }, { revision: 2 }])
  })

  it('keep what the raw body says beyond the content that we read', async () => {
    const callId = `${provider}-beyond`
    const body = eventOf(provider, { callId })
    await post(provider, body, { headers: server.admin })
    const more = JSON.stringify({ ...JSON.parse(body), added_later: 'by the provider' })
    for (let times = 0; times < 2; times++) await post(provider, more, { headers: server.admin })
    const call = await onlyCallOf(callId)
    expect(call.revision).toBe(1)
    const payloads = await payloadsOf(call.id)
    expect(payloads.map(({ revision, body: kept }) => [revision, kept.added_later])).toEqual([
      [1, undefined],
      [1, 'by the provider'],
    ])
  })

  it('are kept without the secrets that providers put into them', async () => {
    const callId = `${provider}-secrets`
    const body = eventOf(provider, { callId })
    await post(provider, body, { headers: server.admin })
    const { id } = await onlyCallOf(callId)
    const kept = JSON.stringify(await payloadsOf(id))
    expect(body).toMatch(/do-not-keep-me|web-call-token|Signature=/)
    expect(kept).not.toMatch(/do-not-keep-me|nor-me|web-call-token|Signature=/)
  })

  it('that are no such JSON are refused by name', async () => {
    const headers = server.admin
    const { keys } = await server.files.survey()
    for (const body of ['', '{', 'null', '[]', '"x"', '{}']) {
      const response = await post(provider, body, { headers })
      expect([body, response.statusCode]).toEqual([body, 400])
    }
    expect((await post(provider, '{}')).statusCode).toBe(401)
    const url = `/observability/v1/${provider}/observe/`
    const empty = await server.app.inject({ method: 'POST', url, headers })
    expect(empty.statusCode).toBe(400)
    const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
    expect((await post(provider, 'a=b', { headers: form })).statusCode).toBe(400)
    const badQuery = await post(provider, '{}', { headers, query: '?agent_id=x' })
    expect(badQuery.statusCode).toBe(400)
    expect((await server.files.survey()).keys).toEqual(keys)
  })
})

describe('Vapi’s other proofs', () => {
  it('take the plain secret in its header or as a bearer token', async () => {
    const ways: Record<string, string>[] = [
      { 'x-vapi-secret': SECRET },
      { authorization: `Bearer ${SECRET}` },
      { 'x-signature': '', 'x-vapi-secret': SECRET },
    ]
    const statuses = []
    for (const [index, headers] of ways.entries()) {
      const body = eventOf('vapi', { callId: `vapi-plain-${index}`, isSigned: true })
      statuses.push((await post('vapi', body, { headers })).statusCode)
    }
    // A signature header that is there decides alone.
    expect(statuses).toEqual([200, 200, 401])
    const wrong = eventOf('vapi', { callId: 'vapi-plain-wrong', isSigned: true })
    const headers = { 'x-vapi-secret': `${SECRET}x` }
    expect((await post('vapi', wrong, { headers })).statusCode).toBe(401)
  })
})

describe('a Retell call', () => {
  const ended = (callId: string) => {
    const { call, ...body } = JSON.parse(eventOf('retell', { callId }))
    const { call_analysis, ...withoutAnalysis } = call
    return JSON.stringify({ ...body, event: 'call_ended', call: withoutAnalysis, data: undefined })
  }
  const analysed = (callId: string) => {
    const { data, ...body } = JSON.parse(eventOf('retell', { callId }))
    return JSON.stringify(body)
  }

  it.each([
    ['ended, then analysed', [ended, analysed]],
    ['analysed, then ended', [analysed, ended]],
    ['each of them twice', [ended, analysed, ended, analysed]],
  ])('is one call: %s', async (name, events) => {
    const callId = `retell ${name}`
    for (const event of events) {
      const response = await post('retell', event(callId), { headers: server.admin })
      expect(response.statusCode).toBe(200)
    }
    const call = await onlyCallOf(callId)
    const payloads = await payloadsOf(call.id)
    const analyses = payloads.flatMap(({ body }) => body.call.call_analysis ?? [])
    expect(analyses[0]).toMatchObject({ call_successful: expect.anything() })
    expect(new Set(payloads.map(({ body }) => body.event))).toEqual(
      new Set(['call_ended', 'call_analyzed']),
    )
  })

  it('that was never connected is a failed call with the reason', async () => {
    const sample = JSON.stringify(loadWebhook('retell-not-connected'))
    const { call } = JSON.parse(sample)
    const headers = server.admin
    const response = await post('retell', sample, { headers, query: '?agent_id=1' })
    expect(response.statusCode).toBe(200)
    await server.settle()
    const stored = await onlyCallOf(call.call_id)
    expect(stored).toMatchObject({
      status: 'failure',
      success: null,
      transcript_state: 'none',
      recording_state: 'none',
      error_message: expect.stringContaining(call.disconnection_reason),
    })
  })
})

describe('an ElevenLabs recording that comes apart from its call', () => {
  const wav = wavWithTones({ durationSeconds: 1 })
  const audio = (callId: string, base64 = wav.toString('base64')) =>
    JSON.stringify({
      type: 'post_call_audio',
      event_timestamp: 1772000100,
      data: { agent_id: 'agent_lotus', conversation_id: callId, full_audio: base64 },
    })
  const transcription = (callId: string) => eventOf('elevenlabs', { callId })

  const detailOf = async (id: number) => {
    const response = await server.app.inject({ url: `/api/calls/${id}`, headers: server.admin })
    return response.json()
  }

  it.each([
    ['before', [audio, transcription]],
    ['after', [transcription, audio]],
    ['after, twice', [transcription, audio, audio]],
  ])('joins it by the conversation: %s', async (name, events) => {
    const callId = `conv ${name}`
    for (const event of events) {
      const response = await post('elevenlabs', event(callId), { headers: server.admin })
      expect(response.statusCode).toBe(200)
    }
    await server.settle()
    const { id } = await onlyCallOf(callId)
    const call = await detailOf(id)
    expect(call).toMatchObject({
      recordingState: 'ready',
      transcriptState: 'ready',
      status: 'success',
      recording: { format: 'wav', sizeBytes: wav.length },
    })
    expect(call.recording.sha256).toBe(createHash('sha256').update(wav).digest('hex'))
    expect(call.segments.length).toBeGreaterThan(0)
    const stored = await server.database.reader
      .selectFrom('recording')
      .select('id')
      .where('call_id', '=', id)
      .execute()
    expect(stored).toHaveLength(1)
  })

  it('leaves one file for a recording that is delivered twice', async () => {
    const before = (await server.files.survey()).keys.length
    for (let delivery = 1; delivery <= 2; delivery++) {
      await post('elevenlabs', audio('conv-redelivered'), { headers: server.admin })
    }
    expect((await server.files.survey()).keys).toHaveLength(before + 1)
  })

  it('leaves no file where the call cannot be stored', async () => {
    const { keys } = await server.files.survey()
    // The rule of a full disk: the database refuses the row, and only then.
    const refuse = sql`create trigger refuse before insert on call begin select raise(abort, 'full'); end`
    await refuse.execute(server.database.writer)
    const response = await post('elevenlabs', audio('conv-full'), { headers: server.admin })
    await sql`drop trigger refuse`.execute(server.database.writer)
    expect(response.statusCode).toBe(500)
    expect((await server.files.survey()).keys).toEqual(keys)
  })

  it('waits for its transcript while only the sound is here', async () => {
    await post('elevenlabs', audio('conv-alone'), { headers: server.admin })
    await server.settle()
    const { id } = await onlyCallOf('conv-alone')
    expect(await detailOf(id)).toMatchObject({
      status: 'evaluating',
      transcriptState: 'needs-transcription',
      recordingState: 'ready',
    })
  })

  it('is trusted by its signature like every event, over the whole body', async () => {
    const sign = (body: string) => SIGN.elevenlabs({ body, at: Date.now(), secret: SECRET })
    const body = audio('conv-signed').replace('agent_lotus', 'agent_lotus-signed')
    expect((await post('elevenlabs', body, { headers: sign(body) })).statusCode).toBe(200)
    const changed = body.replace('conv-signed', 'conv-forged')
    expect((await post('elevenlabs', changed, { headers: sign(body) })).statusCode).toBe(401)
    expect(await callsOf('conv-forged')).toEqual([])
  })

  it('is refused where it is no sound or too much of it, and leaves no file behind', async () => {
    const { keys } = await server.files.survey()
    const refusals = [
      ['', 400, 'full_audio'],
      ['!!!!', 400, 'full_audio'],
      [Buffer.from('this is text').toString('base64'), 400, 'full_audio'],
      [Buffer.alloc(1024 * 1024 + 1).toString('base64'), 400, 'exceeds 1 MB'],
      ['A'.repeat(2 * 1024 * 1024), 413, 'exceeds 1 MB'],
    ] as const
    for (const [base64, status, words] of refusals) {
      const response = await post('elevenlabs', audio('conv-bad', base64), {
        headers: server.admin,
      })
      expect([response.statusCode, response.body]).toEqual([status, expect.stringContaining(words)])
    }
    // Nor does a recording whose event nobody may send.
    expect((await post('elevenlabs', audio('conv-bad'))).statusCode).toBe(401)
    expect(await callsOf('conv-bad')).toEqual([])
    expect((await server.files.survey()).keys).toEqual(keys)
  })

  it('is refused on a real connection too, where the sender is still sending', async () => {
    await server.app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = server.app.server.address() as AddressInfo
    const url = `http://127.0.0.1:${port}/observability/v1/elevenlabs/observe/`
    const body = audio('conv-bad', 'A'.repeat(8 * 1024 * 1024))
    const headers = { 'content-type': 'application/json', ...server.admin }
    const response = await fetch(url, { method: 'POST', headers, body })
    expect(response.status).toBe(413)
    expect(await response.text()).toContain('exceeds 1 MB')
  })

  it('leaves nothing behind where the sender goes away half-way', async () => {
    const { port } = server.app.server.address() as AddressInfo
    const incoming = join(server.config.dataDir, 'recordings/incoming')
    const sending = request({
      port,
      method: 'POST',
      path: '/observability/v1/elevenlabs/observe/',
      headers: { 'content-type': 'application/json', ...server.admin },
    })
    sending.on('error', () => undefined)
    sending.write(audio('conv-cut').slice(0, 1000))
    await until(async () => (await readdir(incoming)).length === 1)
    sending.destroy()
    await until(async () => (await readdir(incoming)).length === 0)
    expect(await callsOf('conv-cut')).toEqual([])
  })

  it('is kept as sound, not as text', async () => {
    await post('elevenlabs', audio('conv-payload'), { headers: server.admin })
    const { id } = await onlyCallOf('conv-payload')
    const [payload] = await payloadsOf(id)
    expect(payload?.body.data).toEqual({
      agent_id: 'agent_lotus',
      conversation_id: 'conv-payload',
      full_audio: 'stored',
    })
  })
})

describe('a body that no provider sends', () => {
  it.each([
    ['is nested 5,000 times', `{"data":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'levels'],
    ['has a key __proto__', '{"__proto__":{"x":1},"type":"post_call_audio"}', '__proto__'],
    ['is no JSON', '{"type":', 'not valid JSON'],
  ])('and %s is refused, and leaves no file behind', async (_name, body, words) => {
    const { keys } = await server.files.survey()
    for (const provider of ['vapi', 'retell', 'elevenlabs'] as const) {
      const response = await post(provider, body, { headers: server.admin })
      expect([response.statusCode, response.body]).toEqual([400, expect.stringContaining(words)])
    }
    expect((await server.files.survey()).keys).toEqual(keys)
  })
})
