import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BulkAction } from '#contract/bulk-action.ts'
import type { MetricContent } from '#contract/metric.ts'
import { answeredYesNo, failed, scored } from '#contract/metric-result.ts'
import { createJudge } from '#server/judge/judge.ts'
import { type NewVerdict, recordVerdicts } from '#server/store/verdicts.ts'
import { saying, storeCalls } from '#testing/call-builder.ts'
import { answersAnything, type JudgeServer, startJudgeServer } from '#testing/judge-server.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { addTheirProject } from '#testing/their-project.ts'
import { until } from '#testing/until.ts'

let server: TestServer
let endpoint: JudgeServer
let theirs: Record<string, string>
let ours: Record<string, string>
/** A script that counts turns, and a question to the judge. */
let turns: number
let polite: number

beforeAll(async () => {
  endpoint = await startJudgeServer({ otherwise: answersAnything() })
  const judge = createJudge({ url: endpoint.url, model: 'm', apiKey: null })
  server = await startTestServer({ judge, price: { inputPrice: 1, outputPrice: 2 } })
  theirs = await addTheirProject(server.database)
  ours = await server.keyOf('project')
  turns = await makeMetric('Turns', SCRIPT)
  polite = await makeMetric('Polite', QUESTION)
})

afterAll(async () => {
  await server.close()
  await endpoint[Symbol.asyncDispose]()
})

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

async function makeMetric(name: string, content: MetricContent): Promise<number> {
  const settings = { direction: 'neutral', category: null, isEnabled: true, isSampled: false }
  const payload = { ...settings, name, content, agentIds: [] }
  const response = await post('/api/metrics', payload)
  return response.json().id
}

function post(url: string, payload?: object, headers = ours) {
  return server.app.inject({ method: 'POST', url, headers, payload })
}

function get(url: string, headers = ours) {
  return server.app.inject({ url, headers })
}

let callCount = 0

async function aCall(...texts: string[]): Promise<number> {
  callCount++
  const [id = 0] = await storeCalls(server.database, [
    { callId: `call ${callCount}`, content: saying(...texts), fields: { agent_id: 1 } },
  ])
  return id
}

async function record(callId: number, verdicts: readonly NewVerdict[]): Promise<void> {
  await server.database.transaction((trx) => recordVerdicts(trx, { callId, verdicts, now: 0 }))
}

async function runOf(id: number): Promise<BulkAction | undefined> {
  const { items } = (await get('/api/bulk-actions')).json<{ items: BulkAction[] }>()
  return items.find((action) => action.id === id)
}

async function rerun(ids: number[], metricIds?: number[]): Promise<number> {
  const work = { kind: 'rerun', ...(metricIds && { metricIds }) }
  const { id } = (await post('/api/bulk-actions', { work, target: { ids } })).json()
  await server.settle()
  await until(async () => (await runOf(id))?.state === 'done')
  return id
}

describe('the verdicts of a call', () => {
  it('are every metric with its result, or why there is none', async () => {
    const id = await aCall('Hello.', 'Hi.')
    await record(id, [{ ...scored({ score: 2 }), metricId: turns, source: 'measured' }])
    const { items, rubric, judge } = (await get(`/api/calls/${id}/verdicts`)).json()
    expect(items).toMatchObject([
      { metricId: turns, state: 'scored', score: 2 },
      { metricId: polite, state: 'skipped', skipReason: 'not-judged', id: null },
    ])
    expect(rubric).toBeNull()
    expect(judge).toEqual({ isConfigured: true, model: null, inputPrice: 1, outputPrice: 2 })
  })

  it('are never lost: each metric has its history, newest first', async () => {
    const id = await aCall('Hello.')
    for (const score of [1, 2, 3]) {
      await record(id, [{ ...scored({ score }), metricId: turns, source: 'measured' }])
    }
    const { items } = (await get(`/api/calls/${id}/verdicts/${turns}`)).json()
    expect(items.map((item: { score: number }) => item.score)).toEqual([3, 2, 1])
  })

  it('stand in the rows of a list where they are asked for', async () => {
    const id = await aCall('Hello.')
    await record(id, [
      { ...scored({ score: 4 }), metricId: turns, source: 'measured' },
      { ...answeredYesNo(true, {}), metricId: polite, source: 'judge' },
    ])
    const rowOf = async (url: string) => {
      const { items } = (await get(url)).json()
      return items.find((row: { id: number }) => row.id === id)
    }
    expect((await rowOf('/api/calls')).results).toEqual([])
    expect((await rowOf(`/api/calls?metrics=${turns},999`)).results).toMatchObject([
      { metricId: turns, score: 4 },
    ])
    const named = await rowOf(`/api/calls/by-ids?ids=${id}&metrics=${turns},${polite}`)
    expect(named.results).toMatchObject([{ score: 4 }, { score: 5, passed: true }])
    const many = Array.from({ length: 21 }, (_, index) => index + 1).join(',')
    expect((await get(`/api/calls?metrics=${many}`)).json()).toEqual({
      metrics: ['Expected at most 20 ids.'],
    })
    expect((await get('/api/calls?metrics=a')).statusCode).toBe(400)
  })

  it('are of their project alone', async () => {
    const id = await aCall('Hello.')
    const paths = [`/api/calls/${id}/verdicts`, `/api/calls/${id}/verdicts/${turns}`]
    for (const path of paths) expect((await get(path, theirs)).statusCode).toBe(404)
    expect((await get(`/api/calls/${id}/verdicts/999`)).json()).toEqual({
      detail: 'Metric not found.',
    })
  })
})

describe('a rerun', () => {
  it('is estimated, counts what it does, and shows what it turned', async () => {
    const id = await aCall('Hello.', 'Hi.', 'Bye.')
    await record(id, [{ ...scored({ score: 9 }), metricId: turns, source: 'measured' }])
    const estimate = await post('/api/runs/estimate', { target: { ids: [id] } })
    expect(estimate.json()).toMatchObject({
      ...{ callCount: 1, metricCount: 2, questionCount: 1, skippedMetricCount: 0 },
      inputTokens: expect.any(Number),
    })
    // A dollar a million tokens in, two out.
    const { inputTokens, outputTokens, costUsd } = estimate.json()
    expect(costUsd).toBeCloseTo((inputTokens + 2 * outputTokens) / 1e6, 5)

    const run = await rerun([id], [turns])
    expect(await runOf(run)).toMatchObject({ doneCount: 1, failedCount: 0, totalCount: 1 })
    const flips = (await get(`/api/bulk-actions/${run}/flips`)).json()
    // Three turns where 9 had been counted: more than a tenth less.
    expect(flips.items).toMatchObject([
      { callId: id, metricId: turns, before: { score: 9 }, after: { score: 3 } },
    ])
    expect(flips.counts).toEqual([
      { metricId: turns, metricName: 'Turns', judgedCount: 1, flippedCount: 1 },
    ])
    expect((await get(`/api/bulk-actions/${run}/flips`, theirs)).statusCode).toBe(404)
  })

  it('is tried again for the calls on which it failed', async () => {
    const broken = await makeMetric('Broken', { ...SCRIPT, code: 'throw new Error("No luck")' })
    const id = await aCall('Hello.')
    const run = await rerun([id], [broken])
    expect(await runOf(run)).toMatchObject({ failedCount: 1 })
    const foreign = await post(`/api/bulk-actions/${run}/retry-failed`, undefined, theirs)
    expect(foreign.statusCode).toBe(404)
    const again = await post(`/api/bulk-actions/${run}/retry-failed`)
    expect(again.json()).toMatchObject({ state: 'running', totalCount: 1 })
    expect(again.json().id).not.toBe(run)
    await server.settle()
    const fine = await rerun([id], [turns])
    expect((await post(`/api/bulk-actions/${fine}/retry-failed`)).statusCode).toBe(409)
    await server.app.inject({ method: 'DELETE', url: `/api/metrics/${broken}`, headers: ours })
  })

  it('is refused by metrics that are not there', async () => {
    const target = { ids: [1] }
    const work = { kind: 'rerun', metricIds: [turns, 998, 999] }
    const message = ['There are no such metrics in this project: 998, 999.']
    expect((await post('/api/bulk-actions', { work, target })).json()).toEqual({ work: message })
    const estimate = await post('/api/runs/estimate', { target, metricIds: [998, 999] })
    expect(estimate.json()).toEqual({ metricIds: message })
    const foreign = await post('/api/runs/estimate', { target, metricIds: [turns] }, theirs)
    expect(foreign.statusCode).toBe(400)
    const unread = { target: { matching: { filter: 'a(' } } }
    expect(Object.keys((await post('/api/runs/estimate', unread)).json())).toEqual([
      'target.matching.filter',
    ])
  })

  it('has flips only where it is one', async () => {
    const target = { ids: [await aCall('Hello.')] }
    const { id } = (await post('/api/bulk-actions', { work: TAG, target })).json()
    expect((await get(`/api/bulk-actions/${id}/flips`)).statusCode).toBe(404)
  })
})

const TAG = { kind: 'tag', tags: ['x'] }

describe('a stability check', () => {
  it('asks the judge many times, and is looked at while it goes on', async () => {
    const id = await aCall('Hello.', 'Hi.')
    const asked = endpoint.requests.length
    const started = await post(`/api/calls/${id}/stability`, { metricId: polite, times: 3 })
    expect(started.json()).toMatchObject({ state: 'running', times: 3, answers: [] })
    await server.settle()
    const url = `/api/stability-checks/${started.json().id}`
    const check = (await get(url)).json()
    // The same answer three times.
    expect(check).toMatchObject({ state: 'done', flipRate: 0 })
    expect(check.answers).toHaveLength(3)
    expect(endpoint.requests.length - asked).toBe(3)
    expect((await get(url, theirs)).statusCode).toBe(404)
    expect((await post(`${url}/cancel`)).statusCode).toBe(409)
    expect((await post(`${url}/cancel`, undefined, theirs)).statusCode).toBe(404)
  })

  it('can be stopped', async () => {
    await server.worker.stop()
    const id = await aCall('Hello.', 'Hi.')
    const started = await post(`/api/calls/${id}/stability`, { metricId: polite, times: 20 })
    const url = `/api/stability-checks/${started.json().id}`
    expect((await post(`${url}/cancel`)).json()).toMatchObject({ state: 'cancelled' })
  })

  it('needs a metric that a judge answers, of a call that is there', async () => {
    const id = await aCall('Hello.')
    const start = (callId: number, metricId: number, headers = ours) =>
      post(`/api/calls/${callId}/stability`, { metricId, times: 2 }, headers)
    expect((await start(id, turns)).json()).toEqual({
      metricId: ['Expected a metric that a judge answers: others never waver.'],
    })
    expect((await start(id, 999)).json()).toEqual({ detail: 'Metric not found.' })
    expect((await start(999_999, polite)).json()).toEqual({ detail: 'Call not found.' })
    expect((await start(id, polite, theirs)).statusCode).toBe(404)
    const often = await post(`/api/calls/${id}/stability`, { metricId: polite, times: 21 })
    expect(Object.keys(often.json())).toEqual(['times'])
  })
})

describe('a failed result', () => {
  it('is shown on the wire without a score', async () => {
    const id = await aCall('Hello.')
    const verdict = { ...failed('The judge refused.'), metricId: polite, source: 'judge' as const }
    await record(id, [verdict])
    const { evaluation } = (await get(`/observability/v1/call-logs/${id}/`)).json()
    expect(evaluation.metrics).toMatchObject([
      { id: polite, score: null, explanation: ['The judge refused.'], state: 'failed' },
    ])
  })
})
