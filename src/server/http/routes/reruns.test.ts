import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answeredYesNo, skipped } from '#contract/metric-result.ts'
import { insertAgent } from '#server/store/agents.ts'
import { recordVerdicts } from '#server/store/verdicts.ts'
import { type StoredCall, saying, storeCalls } from '#testing/call-builder.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { addTheirProject, THEIR_PROJECT } from '#testing/their-project.ts'

const LOGS = '/observability/v1/call-logs/'
const METRICS = '/test_framework/v1/metrics/'
const OTHER_AGENT = 2
const THEIR_AGENT = 3

let server: TestServer
let theirs: Record<string, string>

beforeAll(async () => {
  server = await startTestServer()
  const { writer } = server.database
  const agent = {
    ...{ provider: '', description: '', language: 'en', isInbound: null, contactNumber: '' },
    ...{ knowledge: '', topicNodes: [], dropoffNodes: [], isDemo: false },
  }
  const other = { ...agent, name: 'Other', assistantId: 'asst_other' }
  await insertAgent(writer, { projectId: 1, agent: other, isDemo: false, now: 0 })
  theirs = await addTheirProject(server.database)
  const their = { ...agent, name: 'Theirs', assistantId: 'asst_theirs' }
  await insertAgent(writer, { projectId: THEIR_PROJECT, agent: their, isDemo: false, now: 0 })
})

afterAll(() => server.close())

/** A key of its own for every question that is not about the limit. */
async function post(path: string, payload: object, headers?: Record<string, string>) {
  const own = headers ?? (await server.keyOf('project'))
  return server.app.inject({ method: 'POST', url: path, headers: own, payload })
}

async function get(path: string) {
  return (await server.app.inject({ url: path, headers: await server.keyOf('project') })).json()
}

const rerun = (payload: object, headers?: Record<string, string>) =>
  post(`${LOGS}rerun_evaluation/`, payload, headers)
const evaluate = (payload: object, headers?: Record<string, string>) =>
  post(`${LOGS}evaluate_metrics/`, payload, headers)

let made = 0
const JUDGED = { status: 'failure', success: 0, is_judged: 1, agent_id: 1 } as const

/** Calls that were judged before, a minute apart, in order. */
async function calls(...fields: StoredCall['fields'][]): Promise<number[]> {
  return storeCalls(
    server.database,
    fields.map((own) => ({
      callId: `call ${++made}`,
      fields: { ...JUDGED, started_at: made * 60_000, ...own },
      content: saying('Hello.', 'Hi.'),
    })),
  )
}

async function makeMetric(fields: object = {}): Promise<number> {
  const response = await post(METRICS, {
    ...{ name: 'Turns', type: 'custom_code', eval_type: 'binary_qualitative' },
    custom_code: '_result = data.transcript_json.length === 2; _explanation = "Two turns."',
    ...fields,
  })
  return response.json().id
}

const idsOf = (items: { id: number }[]) => items.map(({ id }) => id)

describe('a client of the API', () => {
  it('makes a metric, judges a call by it, and polls until it is judged', async () => {
    const created = await post(METRICS, {
      ...{ name: 'Greets', description: 'Counts turns', type: 'custom_code', project: 1 },
      ...{ eval_type: 'binary_qualitative', observability_enabled: true, add_to_rubric: true },
      custom_code: '_result = data.transcript_json.length === 2; _explanation = "Two turns."',
    })
    expect(created.statusCode).toBe(201)
    const metric = created.json().id
    const sent = await post('/observability/v1/observe/', {
      ...{ call_id: 'polled', agent: 1, defer_evaluation: true },
      transcript_json: [
        { role: 'Testing Agent', content: 'Hello.', start_time: 0, end_time: 1 },
        { role: 'Main Agent', content: 'Hi.', start_time: 1, end_time: 2 },
      ],
    })
    const { id } = sent.json()
    const again = await rerun({ agent_id: 1, call_logs: [id] })
    expect(again.json()).toMatchObject([{ id, status: 'evaluating', success: null }])
    expect(await get(`${LOGS}${id}/`)).toMatchObject({ status: 'evaluating' })
    await server.settle()
    expect(await get(`${LOGS}${id}/`)).toMatchObject({
      ...{ status: 'success', success: true },
      metrics: [{ id: metric, type: 'binary_qualitative', score: 5, value: 'true' }],
      evaluation: {
        metrics: [{ id: metric, passed: true, explanation: ['Two turns.'], extra: {} }],
      },
      rubric: [
        {
          ...{ metric_id: metric, metric_name: 'Greets', value: 5, passed: true },
          conditions: 'score eq true',
        },
      ],
    })
    const newer = await get(`/observability/v2/call-logs/${id}/`)
    expect(newer.metrics).toMatchObject([{ id: metric, type: 'binary' }])
    await server.app.inject({
      ...{ method: 'DELETE', url: `${METRICS}${metric}/` },
      headers: server.admin,
    })
  })
})

describe('rerun_evaluation', () => {
  it('opens what nobody reviewed at once, and answers in full, newest first', async () => {
    const reviewed = { is_reviewed: 1, status: 'reviewed_success', success: 1 } as const
    const [first = 0, second = 0] = await calls({}, reviewed)
    const response = await rerun({ call_logs: [first, String(second)] })
    expect(response.statusCode).toBe(200)
    expect(response.json()).toMatchObject([
      { id: second, status: 'reviewed_success', success: true, is_reviewed: true },
      { id: first, status: 'evaluating', success: null, transcript: expect.stringContaining('Hi') },
    ])
    expect(response.json()[0]).toHaveProperty('rubric')
    await server.settle()
    expect(await get(`${LOGS}${first}/`)).toMatchObject({ status: 'success' })
    expect(await get(`${LOGS}${second}/`)).toMatchObject({ status: 'reviewed_success' })
  })

  it.each([
    ['agent_id', (id: number) => ({ agent_id: OTHER_AGENT, call_logs: [id] })],
    ['assistant_id', (id: number) => ({ assistant_id: 'asst_other', call_logs: [id] })],
    ['agent_id as text, under the older name', (id: number) => ({ agent_id: '2', call_ids: [id] })],
    ['project_id', (id: number) => ({ project_id: 1, call_logs: `${id},${id}` })],
    ['every call of an agent', () => ({ agent_id: OTHER_AGENT, call_logs: 'all' })],
    ['the newest of an agent', () => ({ assistant_id: 'asst_other', call_logs: 1 })],
    ['the newest of an agent, as text', () => ({ agent_id: OTHER_AGENT, call_logs: '1' })],
  ])('takes calls by %s', async (_, payload) => {
    await server.database.writer.deleteFrom('call').where('agent_id', '=', OTHER_AGENT).execute()
    const [id = 0] = await calls({ agent_id: OTHER_AGENT })
    const response = await rerun(payload(id))
    expect(idsOf(response.json())).toEqual([id])
    await server.settle()
  })

  it('takes as many of the newest as it is told', async () => {
    await server.database.writer.deleteFrom('call').where('agent_id', '=', OTHER_AGENT).execute()
    const other = { agent_id: OTHER_AGENT }
    const [, second = 0, third = 0] = await calls(other, other, other)
    const response = await rerun({ agent_id: OTHER_AGENT, call_logs: 2 })
    expect(idsOf(response.json())).toEqual([third, second])
    await server.settle()
  })

  it('judges all of a thousand and more, and answers with the newest 200', async () => {
    await server.database.writer.deleteFrom('call').where('agent_id', '=', OTHER_AGENT).execute()
    const many = await calls(...Array.from({ length: 1_001 }, () => ({ agent_id: OTHER_AGENT })))
    const tooMany = await rerun({ agent_id: OTHER_AGENT, call_logs: 1_000.5 })
    expect(tooMany.statusCode).toBe(400)
    const response = await rerun({ agent_id: OTHER_AGENT, call_logs: 'all' })
    expect(idsOf(response.json())).toEqual(many.slice(-200).toReversed())
    expect(response.json().every((item: { status: string }) => item.status === 'evaluating')).toBe(
      true,
    )
    const newestRun = async () => (await get('/api/bulk-actions')).items[0]
    // The run waits now and then, so that other work gets its turn; this is how it is seen to end.
    do await server.settle()
    while ((await newestRun()).state === 'running')
    expect(await newestRun()).toMatchObject({ work: { kind: 'rerun' }, doneCount: 1_001 })
    for (const id of [many.at(0), many.at(-1)]) {
      expect(await get(`${LOGS}${id}/`)).toMatchObject({ status: 'success' })
    }
  }, 60_000)

  it('leaves no call open where it is cancelled before it came to it', async () => {
    const other = await startTestServer()
    const headers = other.admin
    const judged = Array.from({ length: 1_001 }, (_, index) => ({
      ...{ callId: `cancelled ${index}`, fields: JUDGED, content: saying('Hello.') },
    }))
    const ids = await storeCalls(other.database, judged)
    const send = (url: string, payload: object) =>
      other.app.inject({ method: 'POST', url, headers, payload })
    const response = await send(`${LOGS}rerun_evaluation`, { agent_id: 1, call_logs: 'all' })
    expect(response.json()[0]).toMatchObject({ id: ids.at(-1), status: 'evaluating' })
    // No worker runs yet.
    expect((await send('/api/bulk-actions/1/cancel', {})).json()).toMatchObject({
      ...{ state: 'cancelled', doneCount: 0 },
    })
    await other.settle()
    const open = other.database.reader.selectFrom('call').select('id')
    expect(await open.where('status', '=', 'evaluating').execute()).toEqual([])
    await other.close()
  })

  it.each([
    ['no calls', { agent_id: 1 }, 'call_logs', 'This field is required.'],
    ['an empty list', { call_logs: [] }, 'call_logs', /got an empty list/],
    ['words', { call_logs: 'some' }, 'call_logs', /"all".*got "some"/],
    ['nothing', { agent_id: 1, call_logs: 0 }, 'call_logs', /got "0"/],
    ['all of nobody', { call_logs: 'all' }, 'agent_id', /Expected agent_id, assistant_id/],
    ['an unknown agent', { agent_id: 99, call_logs: [1] }, 'agent_id', 'There is no agent 99.'],
    ['a foreign agent', { agent_id: THEIR_AGENT, call_logs: 'all' }, 'agent_id', /no agent 3/],
    ['an unknown name', { assistant_id: 'x', call_logs: 'all' }, 'assistant_id', /No agent found/],
    [
      'two agents',
      { agent_id: 1, assistant_id: 'asst_other', call_logs: 'all' },
      'assistant_id',
      /Expected the agent of agent_id, got agent 2/,
    ],
  ])('is refused with %s', async (_, payload, field, message) => {
    const response = await rerun(payload)
    expect(response.statusCode).toBe(400)
    const expected = typeof message === 'string' ? message : expect.stringMatching(message)
    expect(response.json()).toEqual({ [field]: [expected] })
  })

  it('lists the ids that are not in its scope, and touches none', async () => {
    const [own = 0, other = 0] = await calls({}, { agent_id: OTHER_AGENT })
    const [foreign = 0] = await storeCalls(server.database, [
      { callId: 'theirs', projectId: THEIR_PROJECT, fields: { agent_id: THEIR_AGENT } },
    ])
    const ids = [own, other, foreign, 999_999]
    const response = await rerun({ agent_id: 1, call_logs: ids })
    expect(response.json()).toEqual({
      call_logs: [`There are no such calls of agent 1: ${other}, ${foreign}, 999999.`],
    })
    expect((await rerun({ call_logs: ids })).json()).toEqual({
      call_logs: [`There are no such calls of this project: ${foreign}, 999999.`],
    })
    expect(await get(`${LOGS}${own}/`)).toMatchObject({ status: 'failure' })
    const mine = await rerun({ call_logs: [foreign] }, theirs)
    expect(idsOf(mine.json())).toEqual([foreign])
    // A key for every project is about the project of the call.
    expect(idsOf((await rerun({ call_logs: [own] }, server.admin)).json())).toEqual([own])
    await server.settle()
  })

  it('needs a key that may write', async () => {
    const reader = await server.keyOf('read-only')
    expect((await rerun({ call_logs: [1] }, reader)).statusCode).toBe(403)
    expect((await evaluate({ call_logs: [1], metrics: [1] }, reader)).statusCode).toBe(403)
  })

  it('is there under every address', async () => {
    const [id] = await calls({})
    for (const prefix of ['', '/api']) {
      for (const family of ['v1/call-logs', 'v1/call-logs-external', 'v2/call-logs']) {
        const url = `${prefix}/observability/${family}/rerun_evaluation`
        expect((await post(url, { call_logs: [id] })).statusCode).toBe(200)
      }
    }
    await server.settle()
  })
})

describe('evaluate_metrics', () => {
  it('judges by the named metrics alone, also under the older names', async () => {
    const wanted = await makeMetric()
    const other = await makeMetric({ name: 'Other' })
    const [id = 0] = await calls({})
    const response = await evaluate({ agent_id: 1, call_ids: [id], metric_ids: [wanted] })
    expect(response.json()).toMatchObject([{ id, status: 'evaluating', success: null }])
    expect(response.json()[0]).not.toHaveProperty('rubric')
    await server.settle()
    const { metrics } = await get(`${LOGS}${id}/`)
    expect(idsOf(metrics)).toEqual([wanted])
    expect(idsOf(metrics)).not.toContain(other)
  })

  it('is refused while a call waits for its first evaluation', async () => {
    const metric = await makeMetric()
    const open = { status: 'evaluating', success: null, is_judged: 0 } as const
    const [done = 0, waiting = 0] = await calls({}, open)
    const payload = { agent_id: 1, call_logs: [done, waiting], metrics: [metric] }
    const response = await evaluate(payload)
    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({ detail: `Call log ${waiting} is still being evaluated.` })
    expect((await rerun({ call_logs: [waiting] })).statusCode).toBe(200)
    await server.settle()
  })

  it('is refused with metrics that are not of the project, and without any', async () => {
    const metric = await makeMetric()
    const [id] = await calls({})
    const foreign = await evaluate({ call_logs: [id], metrics: [metric, 999] })
    expect(foreign.json()).toEqual({
      metrics: ['There are no such metrics in this project: 999.'],
    })
    expect((await evaluate({ call_logs: [id] })).json()).toEqual({
      metrics: ['This field is required.'],
    })
    expect((await evaluate({ call_logs: [id], metrics: [metric] }, theirs)).statusCode).toBe(400)
  })
})

describe('reruns past their limit', () => {
  it('are put off by 429 until the next minute, for this key alone', async () => {
    const headers = await server.keyOf('project')
    const [id] = await calls({})
    const wrong = { call_logs: 'some' }
    // What is refused by its shape never reaches the count; these do.
    for (let count = 0; count < 30; count++) {
      const response = await rerun({ call_logs: [999_999] }, headers)
      expect(response.statusCode).toBe(400)
    }
    const response = await evaluate({ call_logs: [id], metrics: [1] }, headers)
    expect(response.statusCode).toBe(429)
    const wait = Number(response.headers['retry-after'])
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(60)
    expect(response.json().detail).toMatch(/^Request was throttled\. Expected available in \d+ /)
    expect((await rerun(wrong)).statusCode).toBe(400)
    expect((await rerun({ call_logs: [id] })).statusCode).toBe(200)
    await server.settle()
  })

  it('are put off by 429 while twenty others of the project go on', async () => {
    await server.worker.stop()
    const [id] = await calls({})
    const statuses: number[] = []
    for (let count = 0; count < 21; count++) {
      statuses.push((await rerun({ call_logs: [id] })).statusCode)
    }
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 200), 429])
    const late = await rerun({ call_logs: [id] })
    expect(late.headers['retry-after']).toBe('30')
    const [foreign = 0] = await storeCalls(server.database, [
      { callId: 'their other', projectId: THEIR_PROJECT, fields: { agent_id: THEIR_AGENT } },
    ])
    expect((await rerun({ call_logs: [foreign] }, theirs)).statusCode).toBe(200)
  })
})

describe('results on the wire', () => {
  it('say which metrics were left out by sampling, and which did not apply', async () => {
    const sampled = await makeMetric({ name: 'Sampled' })
    const triggered = await makeMetric({ name: 'Triggered' })
    const named = await makeMetric({ name: 'Function', function_name: undefined })
    const [callId = 0] = await calls({})
    await server.database.transaction((trx) =>
      recordVerdicts(trx, {
        ...{ callId, now: 0 },
        verdicts: [
          { ...skipped('sampling', 'Left out.'), metricId: sampled, source: 'measured' },
          { ...skipped('trigger', 'No refund.'), metricId: triggered, source: 'judge' },
          { ...answeredYesNo(true, { explanation: 'A\nB' }), metricId: named, source: 'measured' },
        ],
      }),
    )
    const { evaluation } = await get(`${LOGS}${callId}/`)
    expect(evaluation.metrics).toMatchObject([
      { id: sampled, score: null, explanation: ['Sampling skipped'], extra: SAMPLED },
      { id: triggered, score: null, explanation: ['No refund.'], extra: { trigger_failed: true } },
      { id: named, score: 5, explanation: ['A', 'B'], vocera_defined_metric_code: '' },
    ])
    const { results } = await get(`${LOGS}?call_ids=${callId}`)
    expect(results[0].evaluation).toEqual(evaluation)
  })

  it('have an entry without a score for what only a judge could say', async () => {
    const judged = await makeMetric({ type: 'llm_judge', name: 'Polite', description: 'Polite?' })
    const [callId = 0, open = 0] = await calls({}, { status: 'evaluating', success: null })
    const metricsOf = async (id: number) => {
      const { evaluation } = await get(`${LOGS}${id}/`)
      return evaluation.metrics.filter((entry: { id: number }) => entry.id === judged)
    }
    expect(await metricsOf(callId)).toMatchObject([
      { name: 'Polite', score: null, state: 'skipped', skip_reason: 'no-judge' },
    ])
    // A poller takes an entry for a result.
    expect(await metricsOf(open)).toEqual([])
    const { results } = await get(`${LOGS}?call_ids=${callId}`)
    expect(results[0].metrics).toContainEqual(expect.objectContaining({ id: judged, score: null }))
  })
})

const SAMPLED = { sampling_skipped: true }
