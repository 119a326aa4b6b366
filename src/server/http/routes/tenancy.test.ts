import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertAgent } from '#server/store/agents.ts'
import { multipart } from '#testing/multipart.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { addTheirProject, THEIR_PROJECT } from '#testing/their-project.ts'
import { wavWithTones } from '#testing/wav.ts'

let server: TestServer
/** Keys of one project each. */
let ours: Record<string, string>
let theirs: Record<string, string>
let ourCall: number
let theirCall: number
let theirRecording: number

const LOGS = '/observability/v1/call-logs/'
const THEIR_AGENT = 2

beforeAll(async () => {
  server = await startTestServer()
  const now = Date.now()
  const { writer } = server.database
  theirs = await addTheirProject(server.database)
  const agent = {
    name: 'Their agent',
    assistantId: 'asst_theirs',
    provider: '',
    description: '',
    language: 'en',
    isInbound: null,
    contactNumber: '',
    knowledge: '',
    topicNodes: [],
    dropoffNodes: [],
  }
  await insertAgent(writer, { projectId: THEIR_PROJECT, agent, isDemo: false, now })
  ours = await server.keyOf('project')
  ourCall = await send(ours, 'ours', '1')
  theirCall = await send(theirs, 'theirs', String(THEIR_AGENT))
  await server.settle()
  const detail = await ask(theirs, `/api/calls/${theirCall}`)
  theirRecording = detail.json().recording.id
})

afterAll(() => server.close())

async function send(headers: Record<string, string>, callId: string, agent: string) {
  const form = multipart([
    { name: 'call_id', content: callId },
    { name: 'agent', content: agent },
    { name: 'transcript_json', content: '[{"role":"Main Agent","content":"A secret word."}]' },
    { name: 'voice_recording', fileName: 'x.wav', content: wavWithTones({ durationSeconds: 1 }) },
  ])
  const response = await server.app.inject({
    method: 'POST',
    url: '/observability/v1/observe/',
    headers: { ...form.headers, ...headers },
    payload: form.payload,
  })
  expect(response.statusCode).toBe(201)
  return response.json().id as number
}

function ask(headers: Record<string, string>, url: string) {
  return server.app.inject({ url, headers })
}

describe("another project's data", () => {
  it.each([
    ['GET', `${LOGS}:call/`],
    ['PATCH', `${LOGS}:call/`],
    ['DELETE', `${LOGS}:call/`],
    ['GET', '/api/calls/:call'],
    ['DELETE', '/api/calls/:call'],
    ['POST', '/api/calls/:call/swap-speakers'],
    ['GET', '/api/recordings/:recording/audio'],
    ['GET', '/api/recordings/:recording/audio?download=1'],
    ['GET', '/api/recordings/:recording/peaks/1'],
    ['GET', '/api/calls/:call/verdicts'],
    ['GET', '/api/calls/:call/verdicts/1'],
    ['GET', '/api/calls/:call/review'],
    ['DELETE', '/api/calls/:call/votes/1'],
    ['GET', `/api/agents/${THEIR_AGENT}`],
    ['GET', `/test_framework/v1/aiagents/${THEIR_AGENT}/`],
  ] as const)('is not found by %s %s', async (method, path) => {
    const url = path.replace(':call', `${theirCall}`).replace(':recording', `${theirRecording}`)
    const payload = method === 'PATCH' ? {} : undefined
    const response = await server.app.inject({ method, url, headers: ours, payload })
    expect(response.statusCode).toBe(404)
    expect(response.json()).toEqual({ detail: expect.stringMatching(/not found\.$/) })
  })

  it('is not reviewed', async () => {
    const decided = await server.app.inject({
      method: 'POST',
      url: `/api/calls/${theirCall}/review`,
      headers: theirs,
      payload: { decision: 'failure' },
    })
    const vote = { metric_id: 1, thumbs_up: true }
    for (const [url, payload] of [
      [`/api/calls/${theirCall}/review`, { decision: 'success' }],
      [`/api/calls/${theirCall}/votes/1`, { agrees: true }],
      [`/api/calls/${theirCall}/categories/1`, { isWrong: true }],
      [`/api/review-events/${decided.json().eventId}/undo`, undefined],
      [`${LOGS}${theirCall}/mark_metric_vote/`, vote],
      [`${LOGS}${theirCall}/mark_critical_scenario_wrong/`, { scenario_id: 1 }],
    ] as const) {
      const request = { method: 'POST', url, headers: ours, payload } as const
      expect([url, (await server.app.inject(request)).statusCode]).toEqual([url, 404])
    }
    const review = await ask(theirs, `/api/calls/${theirCall}/review`)
    expect(review.json()).toEqual(decided.json().review)
  })

  it('is not changed through its agent', async () => {
    for (const url of [
      `/api/agents/${THEIR_AGENT}`,
      `/test_framework/v1/aiagents/${THEIR_AGENT}/`,
    ]) {
      const payload = url.startsWith('/api') ? { name: 'stolen' } : { agent_name: 'stolen' }
      const response = await server.app.inject({
        method: 'PATCH',
        url,
        headers: ours,
        payload,
      })
      expect(response.statusCode).toBe(404)
    }
    const agent = await ask(theirs, `/api/agents/${THEIR_AGENT}`)
    expect(agent.json()).toMatchObject({ name: 'Their agent' })
  })

  it.each([
    '/api/calls',
    '/api/calls?search=secret',
    `/api/calls?agentId=${THEIR_AGENT}`,
    LOGS,
    `${LOGS}?search=secret`,
    `${LOGS}?agent_id=${THEIR_AGENT}`,
    `${LOGS}?assistant_id=asst_theirs`,
    `${LOGS}?call_id__in=theirs`,
  ])('is in no list: %s', async (url) => {
    const response = await ask(ours, url)
    expect(response.statusCode).toBe(200)
    const { items, results } = response.json()
    const ids = (items ?? results).map((item: { id: number }) => item.id)
    expect(ids).not.toContain(theirCall)
  })

  it('is left out where its ids are named', async () => {
    const ids = `${ourCall},${theirCall}`
    const rows = (await ask(ours, `/api/calls/by-ids?ids=${ids}`)).json().items
    expect(rows.map((row: { id: number }) => row.id)).toEqual([ourCall])
    const logs = (await ask(ours, `${LOGS}?call_ids=${ids}`)).json()
    expect(logs).toMatchObject({ count: 1, results: [{ id: ourCall }] })
  })

  it('is not deleted among others', async () => {
    const response = await server.app.inject({
      method: 'POST',
      url: `${LOGS}delete_call_logs/`,
      headers: ours,
      payload: { call_logs: [theirCall] },
    })
    expect(response.statusCode).toBe(204)
    expect((await ask(theirs, `${LOGS}${theirCall}/`)).statusCode).toBe(200)
  })

  it('cannot be written to through its agent', async () => {
    for (const reference of [{ agent: THEIR_AGENT }, { assistant_id: 'asst_theirs' }]) {
      const response = await server.app.inject({
        method: 'POST',
        url: '/observability/v1/observe/',
        headers: ours,
        payload: { call_id: 'x', transcript_json: [{ role: 'user', content: 'x' }], ...reference },
      })
      expect(response.statusCode).toBe(400)
    }
  })

  it('is refused by name', async () => {
    for (const url of [`${LOGS}?project_id=2`, '/test_framework/v1/aiagents/?project_id=2']) {
      const response = await ask(ours, url)
      expect(response.statusCode).toBe(403)
      expect(response.json()).toEqual({ detail: 'This key has no access to project 2.' })
    }
  })

  it('may use the same call_id', async () => {
    const response = await server.app.inject({
      method: 'POST',
      url: '/observability/v1/observe/',
      headers: theirs,
      payload: { call_id: 'ours', agent: 2, transcript_json: [{ role: 'user', content: 'x' }] },
    })
    expect(response.statusCode).toBe(201)
    expect(response.json().id).not.toBe(ourCall)
  })
})

describe('a key for every project', () => {
  it('must say which project it means where there are several', async () => {
    const response = await ask(server.admin, LOGS)
    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({
      project_id: ['This field is required: there is more than one project.'],
    })
    const named = await ask(server.admin, `${LOGS}?project_id=1&ql={id}`)
    expect(named.json().results).toEqual([{ id: ourCall }])
  })

  it('says so by naming an agent too', async () => {
    const response = await ask(
      server.admin,
      `${LOGS}?agent_id=${THEIR_AGENT}&search=theirs&ql={id}`,
    )
    expect(response.json().results).toEqual([{ id: theirCall }])
  })

  it('need not say so for a call or an agent that has an id of its own', async () => {
    expect((await ask(server.admin, `${LOGS}${theirCall}/`)).json()).toMatchObject({ project: 2 })
    const sent = await server.app.inject({
      method: 'POST',
      url: '/observability/v1/observe/',
      headers: server.admin,
      payload: { call_id: 'y', agent: 2, transcript_json: [{ role: 'user', content: 'x' }] },
    })
    expect((await ask(theirs, `${LOGS}${sent.json().id}/`)).statusCode).toBe(200)
  })

  it('deletes calls of any project', async () => {
    const id = await send(theirs, 'to be deleted', '2')
    const response = await server.app.inject({
      method: 'POST',
      url: `${LOGS}delete_call_logs/`,
      headers: server.admin,
      payload: { call_logs: [id] },
    })
    expect(response.statusCode).toBe(204)
    expect((await ask(theirs, `${LOGS}${id}/`)).statusCode).toBe(404)
  })
})
