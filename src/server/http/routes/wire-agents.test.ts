import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '#testing/test-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(() => server.close())

const AGENTS = '/test_framework/v1/aiagents/'

function send(method: 'POST' | 'PATCH', url: string, payload: object) {
  return server.app.inject({ method, url, headers: server.admin, payload })
}

const get = (url: string) => server.app.inject({ url, headers: server.admin })

describe('agents on the wire', () => {
  it('are made with every field', async () => {
    const response = await send('POST', AGENTS, {
      agent_name: 'Front desk',
      description: 'You answer calls.',
      language: 'de',
      inbound: true,
      contact_number: '+15550100',
      assistant_id: 'asst_1',
      provider: { name: 'vapi', redact_fields: [] },
      project: 1,
    })
    expect(response.statusCode).toBe(201)
    expect(response.json()).toMatchObject({
      id: expect.any(Number),
      agent_name: 'Front desk',
      description: 'You answer calls.',
      language: 'de',
      inbound: true,
      contact_number: '+15550100',
      assistant_id: 'asst_1',
      provider: 'vapi',
      project: 1,
    })
  })

  it('need a name alone', async () => {
    const response = await send('POST', AGENTS, { agent_name: 'Bare' })
    expect(response.json()).toMatchObject({ language: 'en', inbound: null, assistant_id: '' })
  })

  it('are listed by name under each address', async () => {
    for (const prefix of ['', '/api']) {
      for (const version of ['v1', 'v2']) {
        const response = await get(`${prefix}/test_framework/${version}/aiagents`)
        const names = response.json().map((agent: { agent_name: string }) => agent.agent_name)
        expect(names).toEqual(['Bare', 'Front desk', 'My agent'])
      }
    }
  })

  it('are changed in the given fields alone; a new name reaches their calls', async () => {
    const { id } = (await send('POST', AGENTS, { agent_name: 'Old', contact_number: '+1' })).json()
    const call = await send('POST', '/observability/v1/observe/', {
      call_id: 'c',
      agent: id,
      transcript_json: [{ role: 'Main Agent', content: 'Hi.' }],
    })
    const response = await send('PATCH', `${AGENTS}${id}/`, { agent_name: 'New', inbound: false })
    expect(response.json()).toMatchObject({
      agent_name: 'New',
      inbound: false,
      contact_number: '+1',
    })
    const log = await get(`/observability/v1/call-logs/${call.json().id}/`)
    expect(log.json()).toMatchObject({ agent_name: 'New' })
  })

  it('never show the secret of their webhooks', async () => {
    const secret = 'whsec_do_not_show'
    const made = await send('POST', AGENTS, { agent_name: 'Secret', webhook_secret: secret })
    const own = await get(`/api/agents/${made.json().id}`)
    expect(own.json()).toMatchObject({ hasWebhookSecret: true })
    for (const response of [made, own, await get(AGENTS), await get('/api/agents')]) {
      expect(response.body).not.toContain(secret)
    }
  })

  it.each([
    [{}, 'agent_name'],
    [{ agent_name: '  ' }, 'agent_name'],
    [{ agent_name: 'x'.repeat(201) }, 'agent_name'],
    [{ agent_name: 'x', inbound: 'yes' }, 'inbound'],
    [{ agent_name: 'x', project: 99 }, 'project_id'],
  ])('are refused as %j', async (body, field) => {
    const response = await send('POST', AGENTS, body)
    expect(response.statusCode).toBe(400)
    expect(Object.keys(response.json())).toEqual([field])
  })

  it('are not found where there is none', async () => {
    for (const response of [
      await get(`${AGENTS}999/`),
      await send('PATCH', `${AGENTS}999/`, { agent_name: 'x' }),
    ]) {
      expect(response.statusCode).toBe(404)
      expect(response.json()).toEqual({ detail: 'Agent not found.' })
    }
  })
})
