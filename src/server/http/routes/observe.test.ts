import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RedactField } from '#contract/wire/observe.ts'
import { multipart } from '#testing/multipart.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { wavWithTones } from '#testing/wav.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ environment: { MAX_RECORDING_MB: '1' } })
})

afterAll(() => server.close())

const URL = '/observability/v1/observe/'

const TWO_TURNS = [
  { role: 'Testing Agent', content: 'Hello.', start_time: 1.44, end_time: 1.94 },
  { role: 'Main Agent', content: 'Hi, how can I help?', start_time: 2.1, end_time: 4 },
]

function observe(body: object) {
  return server.app.inject({ method: 'POST', url: URL, headers: server.admin, payload: body })
}

function observeAs(contentType: string, payload: string) {
  const headers = { ...server.admin, 'content-type': contentType }
  return server.app.inject({ method: 'POST', url: URL, headers, payload })
}

function observeForm(parts: Parameters<typeof multipart>[0]) {
  const { payload, headers } = multipart(parts)
  return server.app.inject({
    method: 'POST',
    url: URL,
    payload,
    headers: { ...headers, ...server.admin },
  })
}

async function getJson(url: string) {
  const response = await server.app.inject({ url, headers: server.admin })
  expect(response.statusCode).toBe(200)
  return response.json()
}

const detailOf = (id: number) => getJson(`/observability/v1/call-logs/${id}/`)
const seatOf = (id: number) => getJson(`/api/calls/${id}`)

function changeProject(change: object) {
  const headers = server.admin
  return server.app.inject({ method: 'PATCH', url: '/api/project', headers, payload: change })
}

async function callsNamed(callId: string): Promise<number[]> {
  const rows = await server.database.reader
    .selectFrom('call')
    .select('id')
    .where('call_id', '=', callId)
    .orderBy('id')
    .execute()
  return rows.map((row) => row.id)
}

async function storedFiles(): Promise<string[]> {
  const { keys } = await server.files.survey()
  return [...keys, ...readdirSync(server.files.pathOf('incoming'))]
}

describe('observe', () => {
  it('answers 201 with the call in the list shape, still evaluating', async () => {
    const response = await observe({ call_id: 'c-1', agent: 1, transcript_json: TWO_TURNS })
    expect(response.statusCode).toBe(201)
    expect(response.json()).toMatchObject({
      call_id: 'c-1',
      status: 'evaluating',
      success: null,
      metrics: [],
      duration: '00:04',
      transcript: '[00:01] Testing Agent: Hello.\n[00:02] Main Agent: Hi, how can I help?',
    })
  })

  it('keeps every field of the request', async () => {
    const response = await observe({
      call_id: 'all-fields',
      agent: 1,
      transcript_type: 'cekura',
      transcript_json: TWO_TURNS,
      call_ended_reason: 'customer-ended-call',
      customer_number: '+15550100',
      metadata: { region: 'EU', order: { id: 7 } },
      timestamp: '2026-03-15T10:15:45+02:00',
      dynamic_variables: { name: 'Ada' },
      feedback: 'sent along',
      redact_fields: [],
      metric_ids: '118,119',
      main_agent_channel_index: 1,
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    })
    expect(response.statusCode).toBe(201)
    const { id } = response.json()
    expect(await detailOf(id)).toMatchObject({
      call_id: 'all-fields',
      agent: 1,
      agent_id: '1',
      agent_name: 'My agent',
      call_ended_reason: 'customer-ended-call',
      customer_number: '+15550100',
      metadata: { region: 'EU', order: { id: 7 } },
      // 10:15:45 at two hours east of Greenwich
      timestamp: '2026-03-15T08:15:45.000Z',
      dynamic_variables: { name: 'Ada' },
      feedback: 'sent along',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      project: 1,
      voice_recording_url: '',
    })
    const content = await server.database.reader
      .selectFrom('call_content')
      .select(['metric_ids', 'main_agent_channel_index'])
      .where('call_id', '=', id)
      .executeTakeFirst()
    expect(content).toEqual({ metric_ids: '118,119', main_agent_channel_index: 1 })
  })

  it('takes the moment of arrival where no timestamp is given', async () => {
    const before = Date.now()
    const { timestamp } = (
      await observe({ call_id: 'no-time', agent: 1, transcript_json: TWO_TURNS })
    ).json()
    expect(Date.parse(timestamp)).toBeGreaterThanOrEqual(before)
    expect(Date.parse(timestamp)).toBeLessThanOrEqual(Date.now())
  })

  it('reads null and blank optional fields as absent', async () => {
    const response = await observe({
      call_id: 'blanks',
      agent: 1,
      assistant_id: null,
      transcript_json: TWO_TURNS,
      voice_recording_url: '',
      timestamp: '',
      customer_number: null,
      call_ended_reason: null,
      feedback: null,
      metadata: null,
      trace_id: '',
      main_agent_channel_index: null,
      redact_fields: null,
    })
    expect(response.statusCode).toBe(201)
    expect(response.json()).toMatchObject({ customer_number: '', feedback: '', trace_id: '' })
  })

  it('reads numbers in text fields as text, as the hosted API does', async () => {
    const response = await observe({
      call_id: 4711,
      agent: 1,
      customer_number: 15550100,
      transcript_json: TWO_TURNS,
    })
    expect(response.json()).toMatchObject({ call_id: '4711', customer_number: '15550100' })
  })

  it('serves the same operation under every address that clients know', async () => {
    const families = ['observe', 'call-logs', 'call-logs-external']
    const paths = [
      ...families.map((family) => `/observability/v1/${family}`),
      '/observability/v2/call-logs',
    ]
    for (const prefix of ['', '/api']) {
      for (const path of paths) {
        for (const slash of ['', '/']) {
          const url = prefix + path + slash
          const payload = { call_id: url, agent: 1, transcript_json: TWO_TURNS }
          const request = { method: 'POST', url, headers: server.admin, payload } as const
          expect([url, (await server.app.inject(request)).statusCode]).toEqual([url, 201])
        }
      }
    }
  })
})

describe('the agent of an observed call', () => {
  beforeAll(async () => {
    await server.app.inject({
      method: 'POST',
      url: '/test_framework/v1/aiagents/',
      headers: server.admin,
      payload: { agent_name: 'Front desk', assistant_id: 'asst_front' },
    })
  })

  it.each([
    ['a number', { agent: 2 }, 2],
    ['a numeric string', { agent: ' 2 ' }, 2],
    ['agent_id', { agent_id: '2' }, 2],
    ['the id at the provider', { assistant_id: 'asst_front' }, 2],
    ['agent before assistant_id where both are given', { agent: 1, assistant_id: 'asst_front' }, 1],
    ['agent before agent_id where both are given', { agent: 2, agent_id: 1 }, 2],
  ])('is found by %s', async (name, reference, agent) => {
    const response = await observe({
      call_id: `agent ${name}`,
      transcript_json: TWO_TURNS,
      ...reference,
    })
    expect(response.json()).toMatchObject({ agent })
  })

  it.each([
    ['neither', {}, 'agent', 'This field is required unless assistant_id is given.'],
    ['an unknown agent', { agent: 99 }, 'agent', 'There is no agent 99.'],
    ['an unknown agent_id', { agent_id: 99 }, 'agent_id', 'There is no agent 99.'],
    [
      'an unknown assistant_id',
      { assistant_id: 'asst_nope' },
      'assistant_id',
      'No agent found for assistant_id "asst_nope".',
    ],
    ['a word', { agent: 'front' }, 'agent', 'Expected a whole number, got "front".'],
    ['a fraction', { agent: 1.5 }, 'agent', 'Expected a whole number, got 1.5.'],
  ])('is refused by field where the body has %s', async (_name, reference, field, message) => {
    const response = await observe({
      call_id: 'nobody',
      transcript_json: TWO_TURNS,
      ...reference,
    })
    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({ [field]: [message] })
  })

  it('asks for call_id where a client sends run_id instead', async () => {
    const response = await observe({ run_id: 'r-1', agent: 1, transcript_json: TWO_TURNS })
    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({ call_id: ['This field is required.'] })
  })
})

const SAMPLES = new global.URL('../../ingest/formats/samples/', import.meta.url)

const sample = (name: string): unknown =>
  JSON.parse(readFileSync(new global.URL(`${name}.json`, SAMPLES), 'utf8'))

/** All but a log of another product, which is kept to be refused. */
const SAMPLE_NAMES = readdirSync(SAMPLES)
  .filter((name) => name.endsWith('.json') && name !== 'deepgram-voice-agent-events.json')
  .map((name) => name.replace('.json', ''))

describe('transcript_type', () => {
  it.each(SAMPLE_NAMES)('accepts the sample %s under the name of its format', async (name) => {
    const [type = ''] = name.split('-')
    const response = await observe({
      call_id: `named ${name}`,
      agent: 1,
      transcript_type: type,
      transcript_json: sample(name),
    })
    expect(response.statusCode).toBe(201)
    expect(response.json().transcript_object.length).toBeGreaterThan(0)
    expect(await seatOf(response.json().id)).toMatchObject({ transcriptType: type })
  })

  it.each(SAMPLE_NAMES)('is detected for the sample %s where it is left out', async (name) => {
    const [type] = name.split('-')
    const response = await observe({
      call_id: `detected ${name}`,
      agent: 1,
      transcript_json: sample(name),
    })
    expect(response.statusCode).toBe(201)
    expect(await seatOf(response.json().id)).toMatchObject({ transcriptType: type })
  })

  it('takes vocera, the former name of cekura', async () => {
    const response = await observe({
      call_id: 'vocera',
      agent: 1,
      transcript_type: 'vocera',
      transcript_json: TWO_TURNS,
    })
    expect(response.json()).toMatchObject({ duration: '00:04' })
  })

  it.each(['custom', 'koreai', 'trillet', 'Cekura'])(
    'refuses %s and lists the known',
    async (type) => {
      const response = await observe({
        call_id: 'unknown type',
        agent: 1,
        transcript_type: type,
        transcript_json: TWO_TURNS,
      })
      expect(response.statusCode).toBe(400)
      expect(response.json()).toEqual({
        transcript_type: [expect.stringMatching(`^"${type}" is not one of cekura, vocera, vapi`)],
      })
    },
  )

  it('refuses none-mono without audio', async () => {
    const response = await observe({ call_id: 'mono', agent: 1, transcript_type: 'none-mono' })
    expect(response.statusCode).toBe(400)
    expect(Object.keys(response.json())).toEqual(['voice_recording'])
  })
})

describe('transcript_json', () => {
  it('accepts user and assistant under cekura, as a published sample sends them', async () => {
    const response = await observe({
      call_id: 'aliases',
      agent: 1,
      transcript_type: 'cekura',
      transcript_json: [
        { role: 'user', content: 'Hello.' },
        { role: 'assistant', content: 'Hi.' },
      ],
    })
    expect(response.json().transcript).toBe('Testing Agent: Hello.\nMain Agent: Hi.')
  })

  it.each(['agent', 'bot', 'main agent'])('names the entry whose role is %s', async (role) => {
    const response = await observe({
      call_id: 'wrong role',
      agent: 1,
      transcript_type: 'cekura',
      transcript_json: [...TWO_TURNS, { role, content: 'Who am I?' }],
    })
    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({
      transcript_json: [expect.stringMatching(`^entry 3: role must be .*, got "${role}"$`)],
    })
    expect(await callsNamed('wrong role')).toEqual([])
  })

  it.each([
    ['no times', [{}, {}]],
    [
      'equal times',
      [
        { start_time: 3, end_time: 3 },
        { start_time: 3, end_time: 3 },
      ],
    ],
    [
      'zeros',
      [
        { start_time: 0, end_time: 0 },
        { start_time: 0, end_time: 0 },
      ],
    ],
    [
      'overlaps',
      [
        { start_time: 0, end_time: 9 },
        { start_time: 4, end_time: 6 },
      ],
    ],
    [
      'times that step back',
      [
        { start_time: 5, end_time: 9 },
        { start_time: 4, end_time: 6 },
      ],
    ],
  ])('accepts %s and keeps the order of the sender', async (name, [first, second]) => {
    const response = await observe({
      call_id: `times: ${name}`,
      agent: 1,
      transcript_json: [
        { role: 'Testing Agent', content: 'One.', ...first },
        { role: 'Main Agent', content: 'Two.', ...second },
      ],
    })
    expect(response.statusCode).toBe(201)
    const contents = response
      .json()
      .transcript_object.map((entry: { content: string }) => entry.content)
    expect(contents).toEqual(['One.', 'Two.'])
  })

  it.each([
    ['an empty list', []],
    ['a list in which nobody speaks', [{ role: 'Main Agent', content: '  ' }]],
    ['text that is no JSON', 'Hello there'],
    ['a number', 7],
  ])('refuses %s rather than store a call without words', async (_name, transcript) => {
    const response = await observe({ call_id: 'wordless', agent: 1, transcript_json: transcript })
    expect(response.statusCode).toBe(400)
    expect(Object.keys(response.json())).toHaveLength(1)
    expect(await callsNamed('wordless')).toEqual([])
  })

  it('refuses a call with neither transcript nor audio, until the project accepts such calls', async () => {
    const body = { call_id: 'metadata only', agent: 1, metadata: { outcome: 'voicemail' } }
    const refused = await observe(body)
    expect(refused.statusCode).toBe(400)
    expect(Object.keys(refused.json())).toEqual(['non_field_errors'])
    await changeProject({ acceptsMetadataOnly: true })
    const accepted = await observe(body)
    await changeProject({ acceptsMetadataOnly: false })
    expect(accepted.statusCode).toBe(201)
    await server.settle()
    expect(await detailOf(accepted.json().id)).toMatchObject({
      transcript: '',
      transcript_object: [],
      metadata: { outcome: 'voicemail' },
    })
  })
})

describe('a second payload under a known call_id', () => {
  const LONGER = [
    ...TWO_TURNS,
    { role: 'Testing Agent', content: 'Bye.', start_time: 5, end_time: 6 },
  ]

  it('changes nothing where it says the same', async () => {
    const body = { call_id: 'twice', agent: 1, transcript_json: TWO_TURNS, metadata: { a: 1 } }
    const first = await observe(body)
    await server.settle()
    const second = await observe(body)
    expect(second.statusCode).toBe(200)
    // Still decided: nothing was evaluated anew.
    expect(second.json()).toMatchObject({ id: first.json().id, status: 'success' })
    expect(await seatOf(first.json().id)).toMatchObject({ revision: 1 })
  })

  it('is the same in any encoding', async () => {
    await observe({ call_id: 'encodings', agent: 1, transcript_json: TWO_TURNS })
    const second = await observeForm([
      { name: 'call_id', content: 'encodings' },
      { name: 'agent', content: '1' },
      { name: 'transcript_json', content: JSON.stringify(TWO_TURNS) },
    ])
    expect(second.statusCode).toBe(200)
    expect(await seatOf(second.json().id)).toMatchObject({ revision: 1 })
  })

  it('updates the call as a new revision, keeps what it leaves out and evaluates again', async () => {
    const first = await observe({
      call_id: 'grows',
      agent: 1,
      transcript_json: TWO_TURNS,
      metadata: { region: 'EU' },
    })
    await server.settle()
    const second = await observe({ call_id: 'grows', agent: 1, transcript_json: LONGER })
    expect(second.statusCode).toBe(200)
    expect(second.json()).toMatchObject({
      id: first.json().id,
      status: 'evaluating',
      duration: '00:06',
      transcript: expect.stringContaining('Bye.'),
    })
    await server.settle()
    expect(await detailOf(first.json().id)).toMatchObject({
      status: 'success',
      metadata: { region: 'EU' },
    })
    expect(await seatOf(first.json().id)).toMatchObject({ revision: 2 })
  })

  it('is refused with 409 where the project rejects duplicates, identical ones apart', async () => {
    const body = { call_id: 'rejected', agent: 1, transcript_json: TWO_TURNS }
    const { id } = (await observe(body)).json()
    await changeProject({ duplicatePolicy: 'reject' })
    const identical = await observe(body)
    const different = await observe({ ...body, transcript_json: LONGER })
    await changeProject({ duplicatePolicy: 'update' })
    expect(identical.statusCode).toBe(200)
    expect(different.statusCode).toBe(409)
    expect(different.json()).toEqual({
      detail: `A call with the call_id "rejected" exists already, as call log ${id}.`,
    })
    expect(await detailOf(id)).toMatchObject({ duration: '00:04' })
  })

  it('becomes a call of its own where the project allows duplicates', async () => {
    const body = { call_id: 'allowed', agent: 1, transcript_json: TWO_TURNS }
    await observe(body)
    await changeProject({ duplicatePolicy: 'allow' })
    const different = await observe({ ...body, transcript_json: LONGER })
    await changeProject({ duplicatePolicy: 'update' })
    expect(different.statusCode).toBe(201)
    expect(await callsNamed('allowed')).toHaveLength(2)
  })

  it('makes one call of twenty that arrive at once', async () => {
    const posts = Array.from({ length: 20 }, (_, index) =>
      observe({ call_id: 'at once', agent: 1, transcript_json: TWO_TURNS, metadata: { index } }),
    )
    const statuses = (await Promise.all(posts)).map((response) => response.statusCode)
    expect(await callsNamed('at once')).toHaveLength(1)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(statuses.filter((status) => status === 200)).toHaveLength(19)
  })

  it('makes twenty calls of twenty that arrive at once where duplicates are allowed', async () => {
    await changeProject({ duplicatePolicy: 'allow' })
    const posts = Array.from({ length: 20 }, (_, index) =>
      observe({ call_id: 'all of us', agent: 1, transcript_json: TWO_TURNS, metadata: { index } }),
    )
    const statuses = (await Promise.all(posts)).map((response) => response.statusCode)
    await changeProject({ duplicatePolicy: 'update' })
    expect(new Set(statuses)).toEqual(new Set([201]))
    expect(await callsNamed('all of us')).toHaveLength(20)
  })
})

describe('a list of calls in one body', () => {
  const messages = [
    // Epoch milliseconds, as that shape has them: the second starts 1.5 s after the first.
    {
      role: 'system',
      content: 'You are a bot.',
      start_time: 1728862776000,
      end_time: 1728862776000,
    },
    { role: 'bot', content: 'Hi.', start_time: 1728862776000, end_time: 1728862777000 },
    { role: 'user', content: 'Hello.', start_time: 1728862777500, end_time: 1728862778000 },
  ]

  it('stores each call and answers 201 with the list', async () => {
    const response = await observe({
      agent_id: 1,
      calls: [
        {
          id: 'b-1',
          messages,
          endedReason: 'hangup',
          from_phone_number: '+1555',
          metadata: { a: 1 },
        },
        { id: 'b-2', messages, startedAt: '2026-01-01T00:00:00Z' },
      ],
    })
    expect(response.statusCode).toBe(201)
    expect(response.json()).toMatchObject([
      {
        call_id: 'b-1',
        call_ended_reason: 'hangup',
        customer_number: '+1555',
        transcript: '[00:00] Main Agent: Hi.\n[00:01] Testing Agent: Hello.',
      },
      { call_id: 'b-2', timestamp: '2026-01-01T00:00:00.000Z' },
    ])
  })

  it('stores none of them where one is wrong, and says which', async () => {
    const response = await observe({
      agent_id: 1,
      calls: [
        { id: 'b-3', messages },
        { id: '', messages },
      ],
    })
    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({ calls: ['entry 2: call_id: This field is required.'] })
    expect(await callsNamed('b-3')).toEqual([])
  })

  it('stores none of them where the project rejects one, and says which', async () => {
    await observe({ agent_id: 1, calls: [{ id: 'b-5', messages }] })
    await changeProject({ duplicatePolicy: 'reject' })
    const response = await observe({
      agent_id: 1,
      calls: [
        { id: 'b-4', messages },
        { id: 'b-5', messages: messages.slice(0, 2) },
      ],
    })
    await changeProject({ duplicatePolicy: 'update' })
    const [id] = await callsNamed('b-5')
    expect([response.statusCode, response.json()]).toEqual([
      409,
      { detail: `entry 2: A call with the call_id "b-5" exists already, as call log ${id}.` },
    ])
    expect(await callsNamed('b-4')).toEqual([])
  })

  it('answers 201 where one of them is new and 200 where none is', async () => {
    const send = async (...ids: string[]) => {
      const calls = ids.map((id) => ({ id, messages }))
      return (await observe({ agent_id: 1, calls })).statusCode
    }
    expect([await send('b-6'), await send('b-6', 'b-7'), await send('b-6', 'b-7')]).toEqual([
      201, 201, 200,
    ])
  })

  it('answers an empty list with an empty list', async () => {
    const response = await observe({ agent_id: 1, calls: [] })
    expect(response.statusCode).toBe(200)
    expect(response.json()).toEqual([])
  })
})

describe('a recording', () => {
  const form = (callId: string, ...more: Parameters<typeof multipart>[0]) =>
    observeForm([{ name: 'call_id', content: callId }, { name: 'agent', content: '1' }, ...more])
  const file = (content: Buffer | string, fileName = 'x.wav') => ({
    name: 'voice_recording',
    fileName,
    content,
  })

  it('is stored from multipart, with JSON fields as text', async () => {
    const response = await form(
      'c-2',
      { name: 'transcript_json', content: JSON.stringify(TWO_TURNS) },
      { name: 'metadata', content: '{"region":"EU"}' },
      file(wavWithTones({ durationSeconds: 5 }), 'x.bin'),
    )
    expect(response.statusCode).toBe(201)
    await server.settle()
    expect(await detailOf(response.json().id)).toMatchObject({
      status: 'success',
      duration: '00:05',
      metadata: { region: 'EU' },
      // 5 s at 8000 Hz are 40000 samples in each of 2 channels; nobody speaks on either.
      recording_data: { sample_rate: 8000, shape: [40000, 2], separable_channels: false },
      voice_recording_url: expect.stringMatching(/^http:\/\/.*\/api\/recordings\/\d+\/audio$/),
    })
  })

  it('says which channel is not the agent where the sender said which one is', async () => {
    const response = await form(
      'channels',
      { name: 'transcript_json', content: JSON.stringify(TWO_TURNS) },
      { name: 'main_agent_channel_index', content: '1' },
      file(wavWithTones({ durationSeconds: 5 })),
    )
    await server.settle()
    expect(await detailOf(response.json().id)).toMatchObject({ testing_channel_index: 0 })
  })

  it('may come alone: the call then waits for its transcription', async () => {
    const response = await form(
      'audio alone',
      { name: 'transcript_type', content: 'none-mono' },
      file(wavWithTones({ durationSeconds: 1, channels: 1 })),
    )
    expect(response.statusCode).toBe(201)
    await server.settle()
    expect(await detailOf(response.json().id)).toMatchObject({
      status: 'evaluating',
      success: null,
      duration: '00:01',
    })
    expect(await seatOf(response.json().id)).toMatchObject({
      transcriptState: 'needs-transcription',
      recordingState: 'ready',
    })
  })

  it('keeps its measured length when a transcript follows', async () => {
    const first = await form('length', file(wavWithTones({ durationSeconds: 7 })))
    await server.settle()
    const second = await observe({ call_id: 'length', agent: 1, transcript_json: TWO_TURNS })
    expect(second.json()).toMatchObject({ id: first.json().id, duration: '00:07' })
  })

  it('does not make a call with a transcript wait when it follows', async () => {
    await observe({ call_id: 'late audio', agent: 1, transcript_json: TWO_TURNS })
    const { id } = (await form('late audio', file(wavWithTones({ durationSeconds: 6 })))).json()
    await server.settle()
    expect(await detailOf(id)).toMatchObject({
      status: 'success',
      duration: '00:06',
      transcript: expect.stringContaining('Hello.'),
    })
  })

  it('is fetched from a URL later; an address that may not be asked ends as an error on the call', async () => {
    const response = await observe({
      call_id: 'from url',
      agent: 1,
      voice_recording_url: 'http://127.0.0.1:9/x.wav',
      transcript_json: TWO_TURNS,
    })
    expect(response.statusCode).toBe(201)
    await server.settle()
    const detail = await detailOf(response.json().id)
    expect(detail).toMatchObject({ status: 'success', voice_recording_url: '' })
    expect(detail.error_message).toContain('127.0.0.1')
  })

  it.each(['ftp://example.com/x.wav', 'x.wav', 'file:///etc/passwd', 'javascript:alert(1)'])(
    'is refused from the address %s',
    async (url) => {
      const response = await observe({ call_id: 'bad url', agent: 1, voice_recording_url: url })
      expect(response.statusCode).toBe(400)
      expect(response.json()).toEqual({
        voice_recording_url: [`Expected an http or https URL, got ${JSON.stringify(url)}.`],
      })
    },
  )

  // 8000 Hz, 2 channels of 2 bytes: 32,000 bytes a second, so 40 s are 1.28 MB.
  const tooLarge = () => wavWithTones({ durationSeconds: 40 })

  it.each([
    ['is larger than the limit', () => [file(tooLarge())], 'File size exceeds 1 MB limit'],
    ['is an empty file', () => [file('')], 'The submitted file is empty.'],
    [
      'is a text file',
      () => [file('Dear Sir or Madam', 'x.wav')],
      'Expected audio (wav, mp3, ogg, m4a, flac or webm), got a file of another kind: x.wav.',
    ],
    [
      'comes twice',
      () => [
        file(wavWithTones({ durationSeconds: 1 })),
        file(wavWithTones({ durationSeconds: 1 })),
      ],
      'Expected one file, got several.',
    ],
  ])('is refused where it %s, and nothing stays on disk', async (_name, parts, message) => {
    const before = await storedFiles()
    const response = await form('refused file', ...parts())
    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({ voice_recording: [message] })
    expect(await storedFiles()).toEqual(before)
    expect(await callsNamed('refused file')).toEqual([])
  })

  it.each([
    ['a field is wrong', [{ name: 'agent', content: 'x' }]],
    ['the agent is unknown', [{ name: 'agent', content: '99' }]],
    ['the transcript is wrong', [{ name: 'transcript_json', content: '[' }]],
    ['redaction is asked for', [{ name: 'redact_fields', content: 'ssn' }]],
  ])('goes again where %s', async (_name, parts) => {
    const before = await storedFiles()
    const response = await observeForm([
      { name: 'call_id', content: 'wrong' },
      file(wavWithTones({ durationSeconds: 1 })),
      ...(parts[0]?.name === 'agent' ? [] : [{ name: 'agent', content: '1' }]),
      ...parts,
    ])
    expect(response.statusCode).toBe(400)
    expect(await storedFiles()).toEqual(before)
  })

  it('goes again where the same recording was sent before', async () => {
    const wav = wavWithTones({ durationSeconds: 2 })
    await form('same file', file(wav))
    const before = await storedFiles()
    const second = await form('same file', file(wav))
    expect(second.statusCode).toBe(200)
    expect(await storedFiles()).toEqual(before)
  })

  it('goes again where the project rejects its call as a duplicate', async () => {
    await form('rejected file', file(wavWithTones({ durationSeconds: 2 })))
    const before = await storedFiles()
    await changeProject({ duplicatePolicy: 'reject' })
    const second = await form('rejected file', file(wavWithTones({ durationSeconds: 3 })))
    await changeProject({ duplicatePolicy: 'update' })
    expect(second.statusCode).toBe(409)
    expect(await storedFiles()).toEqual(before)
  })

  it('goes again where it comes with a list of calls', async () => {
    const before = await storedFiles()
    const response = await observeForm([
      { name: 'agent_id', content: '1' },
      { name: 'calls', content: '{}' },
      { name: 'calls', content: '{}' },
      file(wavWithTones({ durationSeconds: 1 })),
    ])
    expect(response.statusCode).toBe(400)
    expect(Object.keys(response.json())).toEqual(['voice_recording'])
    expect(await storedFiles()).toEqual(before)
  })

  it('is not looked for in a file field that a form leaves empty', async () => {
    const response = await form(
      'no file chosen',
      { name: 'transcript_json', content: JSON.stringify(TWO_TURNS) },
      file('', ''),
    )
    expect(response.statusCode).toBe(201)
  })

  it('cannot escape its folder by its name', async () => {
    const response = await form(
      'path',
      { name: 'transcript_json', content: JSON.stringify(TWO_TURNS) },
      file(wavWithTones({ durationSeconds: 1 }), '../../../../etc/passwd'),
    )
    expect(response.statusCode).toBe(201)
    const { storage_key: key } = await server.database.reader
      .selectFrom('recording')
      .select('storage_key')
      .where('call_id', '=', response.json().id)
      .executeTakeFirstOrThrow()
    expect(key).toMatch(/^[0-9a-f]{2}\/[0-9a-f-]{36}$/)
  })
})

describe('redact_fields', () => {
  it.each(RedactField.options)('refuses to store what should be redacted: %s', async (field) => {
    const response = await observe({
      call_id: 'leak',
      agent: 1,
      transcript_json: TWO_TURNS,
      redact_fields: [field],
    })
    expect(response.statusCode).toBe(400)
    expect(Object.keys(response.json())).toEqual(['redact_fields'])
    expect(await callsNamed('leak')).toEqual([])
  })

  it('refuses an unknown name and says which', async () => {
    const response = await observe({
      call_id: 'leak',
      agent: 1,
      transcript_json: TWO_TURNS,
      redact_fields: ['ssn', 'shoe_size'],
    })
    expect(response.json()).toEqual({
      redact_fields: [expect.stringMatching(/^1: "shoe_size" is not one of person_name, age/)],
    })
  })

  it.each([
    ['repeated', ['phone_number', 'ssn']],
    ['as a JSON list', ['["phone_number","ssn"]']],
    ['as one name', ['phone_number']],
  ])('is read from a form %s', async (_name, values) => {
    const response = await observeForm([
      { name: 'call_id', content: 'leak' },
      { name: 'agent', content: '1' },
      { name: 'transcript_json', content: JSON.stringify(TWO_TURNS) },
      ...values.map((content) => ({ name: 'redact_fields', content })),
    ])
    expect(response.statusCode).toBe(400)
    expect(response.json().redact_fields[0]).toContain('phone_number')
  })

  it('accepts an empty list', async () => {
    const response = await observeForm([
      { name: 'call_id', content: 'nothing to redact' },
      { name: 'agent', content: '1' },
      { name: 'transcript_json', content: JSON.stringify(TWO_TURNS) },
      { name: 'redact_fields', content: '[]' },
    ])
    expect(response.statusCode).toBe(201)
  })
})

describe('a deferred evaluation', () => {
  it.each([
    ['the body', { defer_evaluation: true }],
    ['the metadata', { metadata: { defer_evaluation: true } }],
  ])('asked for in %s waits five minutes', async (name, flag) => {
    const start = new Date()
    server.setNow(start)
    const { id } = (
      await observe({
        call_id: `deferred in ${name}`,
        agent: 1,
        transcript_json: TWO_TURNS,
        ...flag,
      })
    ).json()
    server.setNow(new Date(start.getTime() + 4 * 60_000))
    await server.settle()
    expect(await detailOf(id)).toMatchObject({ status: 'evaluating', success: null })
    server.setNow(new Date(start.getTime() + 6 * 60_000))
    server.worker.wake()
    await server.settle()
    expect(await detailOf(id)).toMatchObject({ status: 'success', success: true })
    server.setNow(new Date())
  })
})

describe('the encodings of a body', () => {
  const fields = {
    agent: 1,
    transcript_json: TWO_TURNS,
    metadata: { region: 'EU', tags: ['a', 'b'] },
    dynamic_variables: { name: 'Ada' },
    customer_number: '+15550100',
    timestamp: '2026-03-15T10:15:45Z',
    metric_ids: '1,2',
    main_agent_channel_index: 0,
    call_ended_reason: 'hangup',
    feedback: 'ok',
  }
  const asText = Object.entries(fields).map(([name, value]): [string, string] => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ])

  it('give equal records from JSON, a form and multipart', async () => {
    const json = await observe({ call_id: 'as json', ...fields })
    const form = await observeAs(
      'application/x-www-form-urlencoded',
      new URLSearchParams([['call_id', 'as form'], ...asText]).toString(),
    )
    const parts = await observeForm([
      { name: 'call_id', content: 'as multipart' },
      ...asText.map(([name, content]) => ({ name, content })),
    ])
    expect([json.statusCode, form.statusCode, parts.statusCode]).toEqual([201, 201, 201])
    const records = await Promise.all(
      [json, form, parts].map(async (response) => {
        const { id, call_id, created_at, updated_at, ...rest } = await detailOf(response.json().id)
        const { status, success, ...record } = rest
        return record
      }),
    )
    expect(records[1]).toEqual(records[0])
    expect(records[2]).toEqual(records[0])
    expect(records[0]).toMatchObject({ metadata: fields.metadata, feedback: 'ok' })
  })

  it('accept a transcript that curl sends as a file', async () => {
    const response = await observeForm([
      { name: 'call_id', content: 'file field' },
      { name: 'agent', content: '1' },
      { name: 'transcript_json', fileName: 't.json', content: JSON.stringify(TWO_TURNS) },
    ])
    expect(response.json()).toMatchObject({ duration: '00:04' })
  })
})

describe('hostile and broken bodies', () => {
  const json = 'application/json'
  const transcript = JSON.stringify(TWO_TURNS)
  const deep = '['.repeat(20_000) + ']'.repeat(20_000)

  it.each([
    ['JSON that is cut off', json, '{"call_id": "x"'],
    ['no body', json, ''],
    ['JSON null', json, 'null'],
    ['a JSON list', json, '[]'],
    ['a JSON text', json, '"hello"'],
    [
      'a key __proto__',
      json,
      `{"call_id":"x","agent":1,"__proto__":{"x":1},"transcript_json":${transcript}}`,
    ],
    [
      '20,000 nested lists',
      json,
      `{"call_id":"x","agent":1,"metadata":{"a":${deep}},"transcript_json":${transcript}}`,
    ],
    [
      '20,000 nested lists as the agent',
      json,
      `{"call_id":"x","agent":${deep},"transcript_json":${transcript}}`,
    ],
    [
      '20,000 nested lists in a form',
      'application/x-www-form-urlencoded',
      `call_id=x&agent=1&metadata={"a":${deep}}&transcript_json=${transcript}`,
    ],
    [
      '20,000 nested lists as a name in a form',
      'application/x-www-form-urlencoded',
      `call_id=x&agent=1&redact_fields=${deep}&transcript_json=${transcript}`,
    ],
    ['plain text', 'text/plain', 'hello'],
    ['multipart that is none', 'multipart/form-data; boundary=x', 'hello'],
    [
      'multipart that is cut off',
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nhel',
    ],
    [
      'a file that is cut off',
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="voice_recording"; filename="x.wav"\r\n\r\nRIFF',
    ],
    ['multipart without a boundary', 'multipart/form-data', 'hello'],
    [
      'a form field __proto__',
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="__proto__"\r\n\r\n1\r\n--x--\r\n',
    ],
  ])('answer 400 in the error shape: %s', async (_name, contentType, body) => {
    const before = await storedFiles()
    const response = await observeAs(contentType, body)
    expect(response.statusCode).toBe(400)
    const problem = Object.entries(response.json())
    expect(problem.length).toBeGreaterThan(0)
    for (const [field, messages] of problem) {
      if (field === 'detail') expect(messages).toEqual(expect.any(String))
      else expect(messages).toEqual(expect.arrayContaining([expect.any(String)]))
    }
    expect(await callsNamed('x')).toEqual([])
    expect(await storedFiles()).toEqual(before)
  })

  it('answer 415 for a content type that nobody documented', async () => {
    const response = await observeAs('application/xml', '<call/>')
    expect(response.statusCode).toBe(415)
    expect(response.json()).toEqual({ detail: 'Unsupported Media Type' })
  })

  it('answer 413 for JSON beyond 64 MB', async () => {
    const response = await observeAs(json, `{"call_id":"${'x'.repeat(64 * 1024 * 1024)}"}`)
    expect(response.statusCode).toBe(413)
    expect(response.json()).toEqual({ detail: expect.any(String) })
  })

  it('do not reach the prototype of objects', async () => {
    const response = await observeAs(
      'application/x-www-form-urlencoded',
      new URLSearchParams({
        call_id: 'proto',
        agent: '1',
        transcript_json: transcript,
        metadata:
          '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"a":1}',
        __proto__: 'x',
      }).toString(),
    )
    expect(response.statusCode).toBe(201)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect((await detailOf(response.json().id)).metadata).toMatchObject({ a: 1 })
  })

  it.each(['call_id', 'customer_number', 'call_ended_reason', 'trace_id', 'feedback'])(
    'are told that %s may not hold null characters',
    async (field) => {
      const body = { call_id: 'nul', agent: 1, transcript_json: TWO_TURNS, [field]: 'a\0b' }
      const response = await observe(body)
      expect(response.statusCode).toBe(400)
      expect(response.json()).toEqual({ [field]: ['Null characters are not allowed.'] })
    },
  )

  it('may hold null characters where people speak', async () => {
    const response = await observe({
      call_id: 'spoken nul',
      agent: 1,
      transcript_json: [{ role: 'Main Agent', content: 'before\0behind' }],
      metadata: { 'k\0': 'v\0' },
    })
    expect(response.statusCode).toBe(201)
    const found = await getJson('/observability/v1/call-logs/?search=behind&ql={call_id}')
    expect(found.results).toEqual([{ call_id: 'spoken nul' }])
  })

  it('may hold halves of characters in metadata', async () => {
    // Cut in the middle of an emoji; both halves become the same character in SQL.
    const metadata = { cut: ['\ud83d', '\ud83e'], '\ud83d': 1, '\ud83e': 1 }
    const body = { call_id: 'halves', agent: 1, transcript_json: TWO_TURNS, metadata }
    expect((await observe(body)).statusCode).toBe(201)
  })

  it.each([
    ['call_id', 'x'.repeat(101), 100],
    ['customer_number', 'x'.repeat(101), 100],
    ['call_ended_reason', 'x'.repeat(101), 100],
    ['trace_id', 'x'.repeat(33), 32],
  ])('are told that %s is too long', async (field, value, max) => {
    const body = { call_id: 'long', agent: 1, transcript_json: TWO_TURNS, [field]: value }
    const response = await observe(body)
    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({
      [field]: [`Ensure this field has no more than ${max} characters.`],
    })
  })

  it('may be long where that means something', async () => {
    const long = 'word '.repeat(200_000)
    const response = await observe({
      call_id: 'long words',
      agent: 1,
      transcript_json: [{ role: 'Main Agent', content: long }],
      metadata: { long },
    })
    expect(response.statusCode).toBe(201)
    // 200,000 words of 5 characters, trimmed by one space, behind "Main Agent: ".
    expect(response.json().transcript).toHaveLength(1_000_000 - 1 + 12)
  })

  it('are told of every wrong field at once', async () => {
    const response = await observe({ agent: 'x', timestamp: 'soon', metadata: 7, trace_id: [] })
    expect(response.statusCode).toBe(400)
    expect(Object.keys(response.json()).sort()).toEqual([
      'agent',
      'call_id',
      'metadata',
      'timestamp',
      'trace_id',
    ])
  })
})
