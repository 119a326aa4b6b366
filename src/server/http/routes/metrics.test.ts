import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Metric, MetricContent, MetricInput } from '#contract/metric.ts'
import { scored } from '#contract/metric-result.ts'
import { recordVerdicts } from '#server/store/verdicts.ts'
import { saying, storeCalls } from '#testing/call-builder.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { addTheirProject } from '#testing/their-project.ts'
import { PREDEFINED_METRICS } from '../../catalogue/predefined-metrics.ts'

let server: TestServer
let theirs: Record<string, string>
let ours: Record<string, string>

beforeAll(async () => {
  server = await startTestServer()
  theirs = await addTheirProject(server.database)
  ours = await server.keyOf('project')
})

afterAll(() => server.close())

const SCRIPT: MetricContent = {
  kind: 'custom_code',
  functionName: null,
  evalType: 'numeric',
  unit: 'turns',
  range: null,
  enumValues: [],
  prompt: '',
  code: '_result = data.transcript_json.length',
  trigger: { kind: 'always' },
  priorityPrompt: '',
  configuration: {},
}

const QUESTION: MetricContent = {
  ...SCRIPT,
  ...{ kind: 'llm_judge', evalType: 'binary', unit: '', code: '' },
  prompt: 'Was the agent polite?',
}

function aMetric(fields: Partial<MetricInput> = {}): MetricInput {
  return {
    name: 'Turns',
    direction: 'neutral',
    category: null,
    isEnabled: true,
    isSampled: false,
    agentIds: [],
    content: SCRIPT,
    ...fields,
  }
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

function send(method: Method, path: string, { payload, headers = ours }: Sending = {}) {
  return server.app.inject({ method, url: `/api/metrics${path}`, headers, payload })
}

type Sending = { payload?: object | undefined; headers?: Record<string, string> }

async function make(fields: Partial<MetricInput> & { addToRubric?: boolean } = {}) {
  const { addToRubric, ...metric } = fields
  const response = await send('POST', '', { payload: { ...aMetric(metric), addToRubric } })
  expect([response.statusCode, response.json()]).toMatchObject([200, {}])
  return response.json<Metric>()
}

async function rubric() {
  return (await server.app.inject({ url: '/api/rubric', headers: ours })).json()
}

describe('a metric', () => {
  it('is made, listed, read, changed, deleted and brought back', async () => {
    const made = await make({ name: 'Count of turns' })
    expect(made).toMatchObject({
      ...{ name: 'Count of turns', slug: 'count_of_turns', version: 1, isPredefined: false },
      content: SCRIPT,
    })
    const { id } = made
    expect((await send('GET', `/${id}`)).json()).toEqual(made)
    const listed = (await send('GET', '')).json()
    expect(listed.items).toContainEqual(made)
    expect(listed.judge).toEqual({
      ...{ isConfigured: false, model: null, inputPrice: null, outputPrice: null },
    })
    const content = { ...SCRIPT, code: '_result = 1' }
    const changed = await send('PATCH', `/${id}`, { payload: { content } })
    expect(changed.json()).toMatchObject({ id, version: 2, content })
    const renamed = await send('PATCH', `/${id}`, { payload: { name: 'Turns of speech' } })
    expect(renamed.json()).toMatchObject({ id, version: 2, name: 'Turns of speech' })
    const versions = (await send('GET', `/${id}/versions`)).json().items
    expect(versions).toMatchObject([
      { version: 2, content, author: 'project' },
      { version: 1, content: SCRIPT, author: 'project' },
    ])

    expect((await send('DELETE', `/${id}`)).json()).toEqual({ deleted: true })
    expect((await send('GET', `/${id}`)).statusCode).toBe(404)
    expect((await send('PATCH', `/${id}`, { payload: { name: 'x' } })).statusCode).toBe(404)
    expect((await send('DELETE', `/${id}`)).statusCode).toBe(404)
    expect((await send('GET', '')).json().items).not.toContainEqual(expect.objectContaining({ id }))
    expect((await send('POST', `/${id}/restore`)).json()).toMatchObject({ id, version: 2 })
    expect((await send('GET', `/${id}`)).json()).toMatchObject({ name: 'Turns of speech' })
  })

  it('cannot be sampled where it is computed', async () => {
    const entry = PREDEFINED_METRICS.find(({ code }) => code === 'latency')
    const payload = aMetric({ ...(entry && { content: entry.content }), isSampled: true })
    const refused = await send('POST', '', { payload })
    expect([refused.statusCode, refused.json()]).toMatchObject([
      400,
      { isSampled: [expect.stringContaining('never sampled')] },
    ])
    const { id } = await make({ ...payload, isSampled: false })
    const change = await send('PATCH', `/${id}`, { payload: { isSampled: true } })
    expect(change.statusCode).toBe(400)
    expect((await send('GET', `/${id}`)).json()).toMatchObject({ isSampled: false })
  })

  it('takes its results along when it is deleted, and has them again when it is back', async () => {
    const { id } = await make({ name: 'Kept' })
    const [callId = 0] = await storeCalls(server.database, [{ callId: 'kept' }])
    const verdict = { ...scored({ score: 7 }), metricId: id, source: 'measured' as const }
    await server.database.transaction((trx) =>
      recordVerdicts(trx, { callId, verdicts: [verdict], now: 0 }),
    )
    const ask = (path: string) => server.app.inject({ url: path, headers: ours })
    const resultsOf = async () => {
      const { items } = (await ask(`/api/calls/by-ids?ids=${callId}&metrics=${id}`)).json()
      return items[0].results
    }
    await send('DELETE', `/${id}`)
    expect(await resultsOf()).toEqual([])
    const history = (await ask(`/api/calls/${callId}/verdicts/${id}`)).json()
    expect(history.items).toMatchObject([{ score: 7 }])
    await send('POST', `/${id}/restore`)
    expect(await resultsOf()).toMatchObject([{ metricId: id, score: 7 }])
  })

  it('gets a rule of the rubric that it must pass, once', async () => {
    const { id } = await make({ name: 'Polite', content: QUESTION, addToRubric: true })
    const rule = {
      ...{ metricId: id, operator: 'and' },
      conditions: [{ field: 'score', op: 'eq', value: true }],
    }
    expect((await rubric()).rules).toContainEqual(rule)
    const { length } = (await rubric()).rules
    await send('PATCH', `/${id}`, { payload: { addToRubric: true } })
    expect((await rubric()).rules).toHaveLength(length)
  })

  it.each([
    ['a blank name', { name: '  ' }, 'name', /character/],
    ['no name', { name: undefined }, 'name', /expected string/],
    ['an unknown direction', { direction: 'up' }, 'direction', /higher/],
    ['an agent that is not there', { agentIds: [1, 99] }, 'agentIds', /no agent 99/],
    ['a rule about numbers', { addToRubric: true }, 'addToRubric', /binary.*numeric/],
  ])('is refused with %s', async (_, fields, field, message) => {
    const response = await send('POST', '', { payload: { ...aMetric(), ...fields } })
    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({ [field]: [expect.stringMatching(message)] })
  })

  it.each([
    ['a question that asks nothing', { kind: 'llm_judge' }, 'prompt: expected what the judge'],
    ['a script without a line', { code: ' ' }, 'code: expected a script, got an empty text'],
    ['labels without any', { evalType: 'enum' }, 'enumValues: expected at least one label'],
    [
      'a label twice',
      { evalType: 'enum', enumValues: ['a', 'b', 'a'] },
      'enumValues: expected every label once, got "a" twice',
    ],
    ['a rating without a scale', { evalType: 'rating' }, 'range: expected the ends of the scale'],
    [
      'a scale upside down',
      { evalType: 'rating', range: { min: 5, max: 0 } },
      'range: expected min below max, got 5 and 0',
    ],
    ['results that come with calls', { kind: 'recorded' }, 'kind: expected llm_judge, custom_code'],
    [
      'a function that nobody knows',
      { kind: 'computed', functionName: 'get_lucky' },
      'functionName: expected a function of the catalogue, got "get_lucky"',
    ],
    [
      'a script of a function',
      { functionName: 'get_latency' },
      'functionName: expected null or a custom_code function',
    ],
    ['an unknown kind', { kind: 'basic' }, 'kind: '],
  ])('is refused with %s', async (_, content, message) => {
    const payload = aMetric({ content: { ...SCRIPT, ...content } as MetricContent })
    const response = await send('POST', '', { payload })
    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({ content: [expect.stringContaining(message)] })
    const trial = { callId: 1, metricId: null, name: 'x', content: payload.content }
    expect((await send('POST', '/try', { payload: trial })).statusCode).toBe(400)
  })

  it('that our own code computes can be configured, and else is as the catalogue has it', async () => {
    const catalogue = (await send('GET', '/predefined')).json().items
    const latency = catalogue.find((entry: { code: string }) => entry.code === 'latency')
    const configured = { ...latency.content, configuration: { threshold: 3 } }
    const own = await make({ name: 'My latency', content: configured })
    expect(own.content).toEqual(configured)
    const payload = aMetric({ content: { ...configured, unit: 's' } })
    expect((await send('POST', '', { payload })).json()).toEqual({
      content: [
        `unit: expected the catalogue's "ms", got "s": only the configuration of a computed metric can be changed`,
      ],
    })
  })

  it('is of its project alone, and needs a key that may write', async () => {
    const { id } = await make({ name: 'Ours' })
    const reader = await server.keyOf('read-only')
    const writes = [
      ['POST', '', aMetric()],
      ['PATCH', `/${id}`, { name: 'Stolen' }],
      ['DELETE', `/${id}`, undefined],
      ['POST', `/${id}/restore`, undefined],
      ['POST', '/predefined', { codes: ['latency'] }],
      ['POST', '/try', { callId: 1, metricId: id, name: 'x', content: SCRIPT }],
    ] as const
    for (const [method, path, payload] of writes) {
      const response = await send(method, path, { payload, headers: reader })
      expect([path, response.statusCode]).toEqual([path, 403])
      if (path === '' || path === '/predefined') continue
      const foreign = await send(method, path, { payload, headers: theirs })
      expect([path, foreign.statusCode]).toEqual([path, 404])
    }
    for (const path of [`/${id}`, `/${id}/versions`, `/${id}/statistics`]) {
      expect((await send('GET', path, { headers: theirs })).statusCode).toBe(404)
      expect((await send('GET', path, { headers: reader })).statusCode).toBe(200)
    }
    expect((await send('GET', '', { headers: theirs })).json().items).toEqual([])
    expect((await send('GET', `/${id}`)).json()).toMatchObject({ name: 'Ours' })
  })
})

describe('a project', () => {
  it('has no more metrics than every list of them holds', async () => {
    const other = await startTestServer()
    const row = {
      project_id: 1,
      name: 'x',
      eval_type: 'binary' as const,
      unit: '',
      enum_values: '[]',
    }
    const rows = Array.from({ length: 499 }, (_, n) => ({ ...row, code: `x-${n}`, created_at: 0 }))
    await other.database.writer.insertInto('metric').values(rows).execute()
    const post = (name: string) =>
      other.app.inject({
        ...{ method: 'POST', url: '/api/metrics', headers: other.admin },
        payload: aMetric({ name }),
      })
    const last = await post('the last')
    expect(last.statusCode).toBe(200)
    const refused = await post('one too many')
    expect(refused.statusCode).toBe(400)
    expect(refused.json().detail).toContain('at most 500 metrics')
    const { id } = last.json()
    const url = `/api/metrics/${id}`
    await other.app.inject({ method: 'DELETE', url, headers: other.admin })
    expect((await post('in its place')).statusCode).toBe(200)
    const restored = await other.app.inject({
      ...{ method: 'POST', url: `${url}/restore`, headers: other.admin },
    })
    expect(restored.statusCode).toBe(400)
    await other.close()
  })
})

describe('the catalogue', () => {
  it('says which of its metrics the project has, and adds others', async () => {
    const entryOf = async (code: string) => {
      const { items } = (await send('GET', '/predefined')).json()
      return items.find((entry: { code: string }) => entry.code === code)
    }
    expect(await entryOf('talk-ratio')).toMatchObject({ metricId: null, unavailable: null })
    const added = await send('POST', '/predefined', { payload: { codes: ['talk-ratio'] } })
    const [metric] = added.json().items
    expect(metric).toMatchObject({ code: 'talk-ratio', isPredefined: true, version: 1 })
    expect(await entryOf('talk-ratio')).toMatchObject({ metricId: metric.id })
    await send('DELETE', `/${metric.id}`)
    expect(await entryOf('talk-ratio')).toMatchObject({ metricId: null })
    const again = await send('POST', '/predefined', { payload: { codes: ['talk-ratio'] } })
    expect(again.json().items).toMatchObject([{ id: metric.id, version: 1 }])
  })

  it('names every code that it cannot add', async () => {
    const payload = { codes: ['latency', 'luck', 'humanness'] }
    const response = await send('POST', '/predefined', { payload })
    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({
      codes: [
        'There is no predefined metric "luck".',
        expect.stringMatching(/^Humanness: Needs a model that listens/),
      ],
    })
  })
})

describe('trying a metric', () => {
  it('answers beside what counts now, and keeps nothing', async () => {
    const { id } = await make({ name: 'Tried' })
    const [callId = 0] = await storeCalls(server.database, [
      { callId: 'tried', content: saying('Hello.', 'Hi.', 'Bye.') },
    ])
    const verdict = { ...scored({ score: 7 }), metricId: id, source: 'measured' as const }
    await server.database.transaction((trx) =>
      recordVerdicts(trx, { callId, verdicts: [verdict], now: 0 }),
    )
    const payload = { callId, metricId: id, name: 'Tried', content: SCRIPT }
    const response = await send('POST', '/try', { payload })
    // Three turns; the draft is of no version.
    expect(response.json()).toMatchObject({
      tried: { state: 'scored', score: 3, metricVersion: null, id: null },
      current: { score: 7 },
    })
    const history = await server.app.inject({
      url: `/api/calls/${callId}/verdicts/${id}`,
      headers: ours,
    })
    expect(history.json().items).toHaveLength(1)
  })

  it('shows how a script breaks', async () => {
    const [callId = 0] = await storeCalls(server.database, [
      { callId: 'broken', content: saying('Hello.') },
    ])
    const content = { ...SCRIPT, code: 'throw new Error("No luck")' }
    const payload = { callId, metricId: null, name: 'New', content }
    expect((await send('POST', '/try', { payload })).json()).toMatchObject({
      tried: { state: 'failed', explanation: expect.stringContaining('No luck') },
      current: null,
    })
    const foreign = await send('POST', '/try', { payload, headers: theirs })
    expect(foreign.statusCode).toBe(404)
  })
})

describe('the statistics of a metric', () => {
  it('count its results on the calls of the last days', async () => {
    const { id } = await make({ name: 'Counted' })
    const [recent = 0, old = 0] = await storeCalls(server.database, [
      { callId: 'recent', fields: { started_at: Date.now() - 60_000 } },
      { callId: 'old', fields: { started_at: Date.now() - 10 * 24 * 3_600_000 } },
    ])
    for (const [callId, score] of [
      [recent, 4],
      [old, 8],
    ] as const) {
      const verdict = { ...scored({ score }), metricId: id, source: 'measured' as const }
      await server.database.transaction((trx) =>
        recordVerdicts(trx, { callId, verdicts: [verdict], now: 0 }),
      )
    }
    const of = async (days: number) => (await send('GET', `/${id}/statistics?days=${days}`)).json()
    expect(await of(5)).toMatchObject({ scoredCount: 1, mean: 4 })
    // (4 + 8) / 2
    expect(await of(30)).toMatchObject({ scoredCount: 2, mean: 6 })
    expect((await send('GET', `/${id}/statistics?days=0`)).statusCode).toBe(400)
  })
})
