import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { multipart } from '#testing/multipart.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { wavWithTones } from '#testing/wav.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(() => server.close())

const TWO_TURNS = [
  { role: 'Testing Agent', content: 'Hello.', start_time: 1.44, end_time: 1.94 },
  { role: 'Main Agent', content: 'Hi, how can I help?', start_time: 2.1, end_time: 4 },
]

function observe(body: object) {
  return server.app.inject({
    method: 'POST',
    url: '/observability/v1/observe/',
    headers: server.admin,
    payload: body,
  })
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

  it('stores a recording that is sent as multipart, with JSON fields as text', async () => {
    const form = multipart([
      { name: 'call_id', content: 'c-2' },
      { name: 'agent', content: '1' },
      { name: 'transcript_json', content: JSON.stringify(TWO_TURNS) },
      { name: 'metadata', content: '{"region":"EU"}' },
      { name: 'voice_recording', fileName: 'x.bin', content: wavWithTones({ durationSeconds: 5 }) },
    ])
    const response = await server.app.inject({
      method: 'POST',
      url: '/observability/v1/observe/',
      ...form,
      headers: { ...form.headers, ...server.admin },
    })
    expect(response.statusCode).toBe(201)
    await server.settle()
    const detail = await server.app.inject({
      url: `/observability/v1/call-logs/${response.json().id}/`,
      headers: server.admin,
    })
    expect(detail.json()).toMatchObject({
      status: 'success',
      duration: '00:05',
      metadata: { region: 'EU' },
      recording_data: { sample_rate: 8000, shape: [40000, 2], separable_channels: true },
    })
  })
})
