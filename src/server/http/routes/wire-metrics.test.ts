import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { addTheirProject } from '#testing/their-project.ts'

const METRICS = '/test_framework/v1/metrics/'
const NEWER = '/test_framework/v2/metrics/'
const PREDEFINED = '/test_framework/v1/predefined-metrics/'

let server: TestServer
let theirs: Record<string, string>
let ours: Record<string, string>

beforeAll(async () => {
  server = await startTestServer()
  theirs = await addTheirProject(server.database)
  ours = await server.keyOf('project')
})

afterAll(() => server.close())

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

function send(method: Method, url: string, payload?: object, headers = ours) {
  return server.app.inject({ method, url, headers, payload })
}

const POLITE = {
  name: 'Politeness',
  description: 'Was the agent polite?',
  type: 'llm_judge',
  eval_type: 'binary_qualitative',
  project: 1,
  observability_enabled: true,
}

async function make(fields: object = {}) {
  const response = await send('POST', METRICS, { ...POLITE, ...fields })
  expect([response.statusCode, response.json()]).toMatchObject([201, {}])
  return response.json()
}

const slugs = (items: { slug: string }[]) => items.map(({ slug }) => slug)

describe('a metric on the wire', () => {
  it('is made by what clients send at least, and answered with every field', async () => {
    const made = await make()
    expect(made).toMatchObject({
      ...{ ...POLITE, slug: 'politeness', agents: [], agent: [], agent_names: [] },
      ...{ prompt: POLITE.description, enum_values: [], custom_code: '', configuration: {} },
      ...{ sampling_enabled: false, evaluation_trigger: 'always', trigger_type: null },
      ...{ function_name: null, vocera_defined_metric_code: '', overall_score: null },
      ...{ reviews: null, uses_llm_judge: true, version: 1 },
    })
    const newer = (await send('GET', `${NEWER}${made.id}/`)).json()
    expect(newer).toEqual({ ...made, eval_type: 'binary' })
    expect((await send('GET', METRICS)).json()).toContainEqual(made)
  })

  it('is called by the usual older name where it was made by the newer one', async () => {
    const { id } = await make({ name: 'Newer', eval_type: 'binary' })
    expect((await send('GET', `${METRICS}${id}`)).json()).toMatchObject({
      eval_type: 'binary_workflow_adherence',
    })
  })

  it.each([
    ['continuous_qualitative', {}, 'continuous_qualitative', 'rating', { min: 0, max: 5 }],
    ['numeric', {}, 'numeric', 'numeric', null],
    ['enum', { enum_values: ['a', 'b'] }, 'enum', 'enum', null],
    ['binary_workflow_adherence', {}, 'binary_workflow_adherence', 'binary', null],
  ])('may be of eval type %s', async (given, fields, answered, evalType, range) => {
    const made = await make({ name: given, eval_type: given, ...fields })
    expect(made).toMatchObject({ eval_type: answered, ...fields })
    const own = (await send('GET', `/api/metrics/${made.id}`)).json()
    expect(own.content).toMatchObject({ evalType, range })
  })

  it('takes triggers, sampling, agents and a script', async () => {
    const made = await make({
      ...{ name: 'Script', type: 'custom_code', eval_type: 'numeric', sampling_enabled: true },
      ...{ custom_code: '_result = 1', agent: [1], configuration: { depth: 2 } },
      ...{ evaluation_trigger: 'custom', trigger_type: 'custom_code' },
      evaluation_trigger_custom_code: '_result = true',
    })
    expect(made).toMatchObject({
      ...{ type: 'custom_code', custom_code: '_result = 1', sampling_enabled: true },
      ...{ agent: [1], agents: [1], agent_names: ['My agent'], configuration: { depth: 2 } },
      ...{ evaluation_trigger: 'custom', trigger_type: 'custom_code' },
      evaluation_trigger_custom_code: '_result = true',
    })
    const asked = await make({
      ...{ name: 'Asked', evaluation_trigger: 'custom', agents: 1 },
      evaluation_trigger_prompt: 'Somebody asks for a refund.',
    })
    expect(asked).toMatchObject({ trigger_type: 'llm_judge', agents: [1] })
    const own = (await send('GET', `/api/metrics/${asked.id}`)).json()
    expect(own.content.trigger).toEqual({ kind: 'prompt', prompt: 'Somebody asks for a refund.' })
  })

  it('is not sampled where our own code computes it, whatever is sent', async () => {
    const latency = { name: 'Own latency', function_name: 'get_latency', sampling_enabled: true }
    const made = await send('POST', METRICS, { ...latency, project: 1 })
    expect([made.statusCode, made.json()]).toMatchObject([201, { sampling_enabled: false }])
  })

  it('begins as an entry of the catalogue whose function it names', async () => {
    const fields = { name: 'Our latency', function_name: 'get_latency', configuration: { x: 1 } }
    const response = await send('POST', METRICS, fields)
    expect(response.json()).toMatchObject({
      ...{ function_name: 'get_latency', eval_type: 'numeric', type: 'custom_code', unit: 'ms' },
      configuration: { x: 1 },
    })
    const changed = { ...response.json(), enum_values: ['a'] }
    const refused = await send('PUT', `${METRICS}${response.json().id}/`, changed)
    expect(Object.keys(refused.json())).toEqual(['enum_values'])
  })

  it('gets a rule of the rubric where it asks for one', async () => {
    const { id } = await make({ name: 'Must pass', add_to_rubric: true })
    const rubric = (await send('GET', '/api/rubric')).json()
    expect(rubric.rules).toMatchObject([{ metricId: id, conditions: [{ op: 'eq', value: true }] }])
  })

  it('may be sent back as it was answered, which changes nothing', async () => {
    const code = (
      await send('POST', PREDEFINED.concat('copy/'), { metric_codes: ['latency'] })
    ).json()
    for (const made of [await make({ name: 'Echo' }), code[0]]) {
      for (const method of ['PATCH', 'PUT'] as const) {
        const response = await send(method, `${METRICS}${made.id}/`, made)
        expect([response.statusCode, response.json()]).toEqual([
          200,
          { ...made, updated_at: expect.any(String) },
        ])
      }
    }
  })

  it('changes in the given fields, with a new version where results would be others', async () => {
    const { id } = await make({ name: 'Changing' })
    const patch = (payload: object) => send('PATCH', `${METRICS}${id}/`, payload)
    expect((await patch({ observability_enabled: false })).json()).toMatchObject({
      ...{ observability_enabled: false, version: 1, description: POLITE.description },
    })
    expect((await patch({ prompt: 'Was it kind?' })).json()).toMatchObject({
      ...{ description: 'Was it kind?', version: 2, eval_type: 'binary_qualitative' },
    })
    const enums = { eval_type: 'enum', enum_values: ['kind', 'rude'] }
    expect((await patch(enums)).json()).toMatchObject({ ...enums, version: 3 })
    const fixed = await patch({ function_name: 'get_latency' })
    expect(fixed.json()).toEqual({ function_name: ['This field cannot be changed: it is null.'] })
    expect((await patch({ project: 7 })).json()).toEqual({
      project: ['This field cannot be changed: it is 1.'],
    })
  })

  it('is gone once it is deleted', async () => {
    const { id } = await make({ name: 'Gone' })
    const response = await send('DELETE', `${METRICS}${id}/`)
    expect([response.statusCode, response.body]).toEqual([204, ''])
    for (const method of ['GET', 'DELETE', 'PATCH'] as const) {
      const again = await send(method, `${METRICS}${id}/`, method === 'PATCH' ? {} : undefined)
      expect(again.json()).toEqual({ detail: 'Metric not found.' })
    }
  })

  it.each([
    ['no name', { name: undefined }, { name: ['This field is required.'] }],
    ['no eval type', { eval_type: undefined }, { eval_type: ['This field is required.'] }],
    ['a blank name', { name: ' ' }, { name: [expect.any(String)] }],
    [
      'a kind of old',
      { type: 'basic' },
      { type: [expect.stringMatching(/got "basic"\. The older kinds .* use llm_judge/)] },
    ],
    [
      'a kind of old',
      { type: 'custom_prompt' },
      { type: [expect.stringMatching(/cannot be made/)] },
    ],
    [
      'an unknown eval type',
      { eval_type: 'stars' },
      { eval_type: [expect.stringMatching(/^Expected one of binary, .*got "stars"/)] },
    ],
    [
      'labels without any',
      { eval_type: 'enum' },
      { enum_values: [expect.stringMatching(/label/)] },
    ],
    ['nothing to ask', { description: '' }, { description: [expect.stringMatching(/empty text/)] }],
    [
      'an empty script',
      { type: 'custom_code' },
      { custom_code: [expect.stringMatching(/script/)] },
    ],
    [
      'a trigger that says nothing',
      { evaluation_trigger: 'custom', trigger_type: 'llm_judge' },
      { evaluation_trigger_prompt: [expect.stringMatching(/got an empty text/)] },
    ],
    ['a foreign agent', { agents: [9] }, { agents: ['There is no agent 9 in project 1.'] }],
    [
      'a rule about numbers',
      { eval_type: 'numeric', add_to_rubric: true },
      { add_to_rubric: ['Expected a binary metric, got numeric.'] },
    ],
    [
      'an unknown function',
      { function_name: 'get_lucky' },
      { function_name: ['There is no predefined metric "get_lucky".'] },
    ],
  ])('is refused with %s', async (_, fields, problem) => {
    const response = await send('POST', METRICS, { ...POLITE, ...fields })
    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual(problem)
  })

  it('is of its project alone, and needs a key that may write', async () => {
    const { id } = await make({ name: 'Ours' })
    for (const method of ['GET', 'PATCH', 'PUT', 'DELETE'] as const) {
      const payload = method === 'GET' || method === 'DELETE' ? undefined : { name: 'Stolen' }
      const foreign = await send(method, `${METRICS}${id}/`, payload, theirs)
      expect([method, foreign.statusCode]).toEqual([method, 404])
    }
    expect((await send('GET', METRICS, undefined, theirs)).json()).toEqual([])
    expect((await send('POST', METRICS, POLITE, theirs)).statusCode).toBe(403)
    const reader = await server.keyOf('read-only')
    expect((await send('POST', METRICS, POLITE, reader)).statusCode).toBe(403)
    expect((await send('GET', `${METRICS}${id}/`, undefined, reader)).statusCode).toBe(200)
  })
})

describe('the list of metrics', () => {
  it('is narrowed by agent and slug, under each address', async () => {
    const agent = await send('POST', '/test_framework/v1/aiagents/', {
      ...{ agent_name: 'Second', assistant_id: 'asst_2' },
    })
    const second = agent.json().id
    await make({ name: 'For second', agents: [second] })
    await make({ name: 'For first', agents: [1] })
    await make({ name: 'For all' })
    for (const query of [`agent_id=${second}`, 'assistant_id=asst_2', `agents=${second}`]) {
      const items = (await send('GET', `${METRICS}?${query}&include_scores=true`)).json()
      expect(slugs(items)).toEqual(expect.arrayContaining(['for_second', 'for_all']))
      expect(slugs(items)).not.toContain('for_first')
    }
    const both = (await send('GET', `${METRICS}?agents=1,${second}&project=1`)).json()
    expect(slugs(both)).toEqual(expect.arrayContaining(['for_first', 'for_second']))
    for (const base of [METRICS, NEWER, `/api${METRICS}`]) {
      expect(slugs((await send('GET', `${base}?slug=for_second`)).json())).toEqual(['for_second'])
    }
    expect((await send('GET', `${METRICS}?agent_id=99`)).json()).toEqual({
      agent_id: ['There is no agent 99.'],
    })
    expect((await send('GET', `${METRICS}?agents=x`)).statusCode).toBe(400)
  })
})

describe('the catalogue on the wire', () => {
  it('lists its metrics with their codes, and says which cannot be had', async () => {
    const items = (await send('GET', PREDEFINED)).json()
    const entryOf = (code: string) => items.find((item: { code: string }) => item.code === code)
    expect(entryOf('5dedc41b')).toMatchObject({
      ...{ function_name: 'check_critical_deviations', unavailable: null },
      eval_type: 'binary_workflow_adherence',
    })
    expect(entryOf('humanness').unavailable).toMatch(/^Needs a model/)
    const newer = (await send('GET', PREDEFINED.replace('v1', 'v2'))).json()
    expect(newer.find((item: { code: string }) => item.code === '5dedc41b').eval_type).toBe(
      'binary',
    )
  })

  it('is copied into a project by codes and by numbers, for every agent or for one', async () => {
    const items = (await send('GET', PREDEFINED)).json()
    const idOf = (code: string) => items.find((item: { code: string }) => item.code === code).id
    const copied = await send('POST', `${PREDEFINED}copy/`, {
      predefined_metric_ids: [idOf('talk-ratio')],
      metric_codes: ['hallucination'],
      agent_id: 1,
    })
    expect(copied.statusCode).toBe(201)
    expect(copied.json()).toMatchObject([
      { vocera_defined_metric_code: 'talk-ratio', agents: [1], observability_enabled: true },
      { vocera_defined_metric_code: 'hallucination', agents: [1], type: 'llm_judge' },
    ])
    const again = await send('POST', `${PREDEFINED}copy/`, { metric_codes: ['talk-ratio'] })
    expect(again.json()).toMatchObject([{ id: copied.json()[0].id, agents: [], version: 1 }])
  })

  it.each([
    [{}, 'non_field_errors'],
    [{ metric_codes: ['luck'] }, 'metric_codes'],
    [{ metric_codes: ['humanness'] }, 'metric_codes'],
    [{ predefined_metric_ids: [9_999] }, 'predefined_metric_ids'],
    [{ metric_codes: ['latency'], agent_id: 99 }, 'agent_id'],
  ])('is not copied by %j', async (payload, field) => {
    const response = await send('POST', `${PREDEFINED}copy/`, payload)
    expect(response.statusCode).toBe(400)
    expect(Object.keys(response.json())).toEqual([field])
  })
})
