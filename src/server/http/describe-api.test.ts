import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api } from '#contract/api.ts'
import { filterApi } from '#contract/filter-api.ts'
import { judgingApi } from '#contract/judging-api.ts'
import { settingsApi } from '#contract/settings-api.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'

let server: TestServer
let document: OpenApi

type Json = Record<string, unknown>
type Parameter = { name: string; in: string; required?: boolean; schema: Json }
type Operation = {
  summary: string
  tags: string[]
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: Json }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: Json }> }>
}
type OpenApi = {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
  components: {
    schemas: Record<string, { properties?: Json; required?: string[] }>
    securitySchemes: Json
  }
  security: Json[]
}

beforeAll(async () => {
  server = await startTestServer()
  document = (await server.app.inject({ url: '/openapi.json' })).json()
})

afterAll(() => server.close())

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )

/** Every value under `key`, at any depth. */
function valuesOf(key: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === key && typeof inner === 'string' ? [inner] : []),
    ...valuesOf(key, inner),
  ])
}

describe('/openapi.json', () => {
  it('is an OpenAPI 3.1 document', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/)
    expect(document.info).toMatchObject({ title: 'Talktrack', version: expect.any(String) })
    expect(document.components.securitySchemes).toMatchObject({
      apiKey: { type: 'apiKey', in: 'header', name: 'X-CEKURA-API-KEY' },
    })
    expect(operations().length).toBeGreaterThan(30)
    for (const { path, operation } of operations()) {
      expect(path).toMatch(/^\//)
      expect(operation.summary).not.toBe('')
      expect(Object.keys(operation.responses).length).toBeGreaterThan(0)
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(status).toMatch(/^[1-5]\d\d$/)
        expect(response.description).toEqual(expect.any(String))
      }
    }
  })

  it('declares every parameter of every path', () => {
    for (const { path, operation } of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
      expect([path, declared.map(({ name }) => name).sort()]).toEqual([path, inPath.sort()])
      expect(declared.every(({ required }) => required === true)).toBe(true)
    }
  })

  it('points only at what it holds', () => {
    const references = valuesOf('$ref', document)
    expect(references.length).toBeGreaterThan(5)
    const targets = Object.keys(document.components.schemas).map(
      (name) => `#/components/schemas/${name}`,
    )
    expect(references.filter((reference) => !targets.includes(String(reference)))).toEqual([])
  })

  it.each([
    ['get', '/observability/v1/call-logs'],
    ['get', '/observability/v1/call-logs/{id}'],
    ['patch', '/observability/v1/call-logs/{id}'],
    ['delete', '/observability/v1/call-logs/{id}'],
    ['post', '/observability/v1/call-logs/delete_call_logs'],
    ['post', '/observability/v1/call-logs'],
    ['post', '/observability/v1/observe'],
    ['post', '/observability/v1/vapi/observe'],
    ['post', '/observability/v1/retell/observe'],
    ['post', '/observability/v1/elevenlabs/observe'],
    ['post', '/observability/v1/call-logs/rerun_evaluation'],
    ['post', '/observability/v1/call-logs/evaluate_metrics'],
    ['get', '/test_framework/v1/metrics'],
    ['post', '/test_framework/v1/metrics'],
    ['get', '/test_framework/v1/metrics/{id}'],
    ['patch', '/test_framework/v1/metrics/{id}'],
    ['put', '/test_framework/v1/metrics/{id}'],
    ['delete', '/test_framework/v1/metrics/{id}'],
    ['get', '/test_framework/v1/predefined-metrics'],
    ['post', '/test_framework/v1/predefined-metrics/copy'],
  ])('describes %s %s', (method, path) => {
    expect(document.paths[path]?.[method]).toMatchObject({ summary: expect.any(String) })
  })

  it("describes every operation of the dashboard's API", () => {
    for (const { method, path } of Object.values({
      ...api,
      ...filterApi,
      ...judgingApi,
      ...settingsApi,
    })) {
      const operation = document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
      expect([path, operation?.tags]).toEqual([path, ['dashboard']])
    }
  })

  it('describes the body of observe in each encoding, with every field of the seed', () => {
    const body = document.paths['/observability/v1/observe']?.post?.requestBody
    expect(Object.keys(body?.content ?? {}).sort()).toEqual([
      'application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
    ])
    const schema = document.components.schemas.ObserveRequestInput
    expect(schema).toMatchObject({ required: ['call_id'] })
    expect(Object.keys(schema?.properties ?? {})).toEqual(
      expect.arrayContaining([
        ...['call_id', 'agent', 'assistant_id', 'voice_recording_url', 'transcript_type'],
        ...['transcript_json', 'call_ended_reason', 'customer_number', 'metadata', 'timestamp'],
        ...['dynamic_variables', 'feedback', 'redact_fields', 'metric_ids'],
        ...['main_agent_channel_index', 'trace_id'],
      ]),
    )
  })

  it('describes every query parameter of the seed for the list', () => {
    const parameters = document.paths['/observability/v1/call-logs']?.get?.parameters ?? []
    expect(parameters.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        ...['page', 'page_size', 'timestamp_from', 'timestamp_to', 'call_ids', 'agent_id'],
        ...['project_id', 'assistant_id', 'filters_v2', 'ql', 'search'],
      ]),
    )
  })

  it('names in the shapes of calls exactly the fields that real answers have', async () => {
    const sent = await server.app.inject({
      method: 'POST',
      url: '/observability/v1/observe/',
      headers: server.admin,
      payload: { call_id: 'c', agent: 1, transcript_json: [{ role: 'user', content: 'Hello.' }] },
    })
    const url = `/observability/v1/call-logs/${sent.json().id}/`
    const detail = await server.app.inject({ url, headers: server.admin })
    const fieldsOf = (name: string) => {
      const { properties = {}, required = [] } = document.components.schemas[name] ?? {}
      return [Object.keys(properties).sort(), [...required].sort()]
    }
    const listFields = Object.keys(sent.json()).sort()
    const detailFields = Object.keys(detail.json()).sort()
    expect(fieldsOf('CallLogList')).toEqual([listFields, listFields])
    expect(fieldsOf('CallLogDetail')).toEqual([detailFields, detailFields])
  })

  it('can be browsed at /docs under the same strict policy', async () => {
    const response = await server.app.inject({ url: '/docs/', headers: { accept: 'text/html' } })
    expect(response.statusCode).toBe(200)
    expect(response.headers['content-security-policy']).not.toContain('unsafe')
  })
})
