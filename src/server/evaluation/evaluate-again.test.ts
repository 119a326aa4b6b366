import { afterEach, describe, expect, it } from 'vitest'
import {
  answers,
  type JudgeScript,
  type JudgeServer,
  startJudgeServer,
} from '#testing/judge-server.ts'
import { storeMetric } from '#testing/metric-builder.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '#testing/test-server.ts'
import { startBulkAction } from '../actions/start-bulk-action.ts'
import { createJudge } from '../judge/judge.ts'
import { enqueue } from '../queue/job-kinds.ts'
import { changeMetric, type MetricRecord } from '../store/metrics.ts'
import { saveRubric } from '../store/rubrics.ts'
import { listCurrentVerdicts, listVerdictHistory, recordVerdicts } from '../store/verdicts.ts'
import { evaluateCall } from './evaluate-call.ts'
import { finishCall } from './finish-call.ts'
import { addPredefinedMetrics, mustPass } from './install-metrics.ts'
import { listCallVerdicts } from './list-call-verdicts.ts'

let server: TestServer
let judge: JudgeServer | null

async function start(
  script: JudgeScript | null,
  options: Pick<TestServerOptions, 'metrics'> = {},
): Promise<void> {
  judge = script && (await startJudgeServer(script))
  const asked = judge && createJudge({ url: judge.url, model: 'm', apiKey: null, firstWaitMs: 1 })
  server = await startTestServer({ judge: asked, ...options })
}

afterEach(async () => {
  await server.close()
  await judge?.[Symbol.asyncDispose]()
})

async function send(fields: Record<string, unknown> = {}): Promise<number> {
  const turn = (role: string, content: string, at: number) => {
    return { role, content, start_time: at, end_time: at + 2 }
  }
  const response = await server.app.inject({
    method: 'POST',
    url: '/observability/v1/observe/',
    headers: server.admin,
    payload: {
      call_id: 'c',
      agent: 1,
      transcript_json: [
        turn('Testing Agent', 'Where is my parcel?', 0),
        turn('Main Agent', 'It comes tomorrow.', 3),
      ],
      ...fields,
    },
  })
  expect(response.statusCode).toBeLessThan(300)
  return response.json().id
}

/** As after a change of the call that leaves its words. */
async function evaluate(callId: number): Promise<void> {
  await server.database.transaction((trx) =>
    enqueue(trx, { kind: 'evaluate-call', payload: { callId }, now: Date.now() }),
  )
  await server.settle()
}

async function rerun(callId: number): Promise<void> {
  const input = { work: { kind: 'rerun' as const }, target: { ids: [callId] } }
  const begun = { input, projectId: 1, startedBy: 'Ada', now: Date.now() }
  await startBulkAction(server.database, begun)
  await server.settle()
}

async function verdictsOf(callId: number) {
  return (await listCurrentVerdicts(server.database.reader, [callId])).get(callId) ?? []
}

function callOf(id: number) {
  return server.database.reader
    .selectFrom('call')
    .select(['status', 'success', 'is_judged', 'judge_success', 'topic'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

function mustPassAll(...metrics: MetricRecord[]) {
  const rubric = { logic: 'and' as const, rules: metrics.map(mustPass) }
  return saveRubric(server.database.writer, { projectId: 1, rubric, now: 0 })
}

const said = (passed: boolean) =>
  answers({ evidence: [], explanation: 'So it is.', applies: true, passed, confidence: 90 })
const DOWN = { kind: 'status' as const, status: 401, body: { error: { message: 'no' } } }

describe('a rerun', () => {
  it('of a call whose words were removed keeps what was found while they were there', async () => {
    await start(null, { metrics: 'predefined' })
    const id = await send()
    await server.settle()
    const before = (await verdictsOf(id)).filter(({ state }) => state === 'scored')
    const names = before.map(({ name }) => name)
    expect(names).toContain('Talk Ratio')
    await server.app.inject({
      method: 'DELETE',
      url: `/observability/v1/call-logs/${id}?retain_evaluations=true`,
      headers: server.admin,
    })
    await rerun(id)
    const after = (await verdictsOf(id)).filter(({ state }) => state === 'scored')
    const valuesOf = (verdicts: typeof after) =>
      new Map(verdicts.map(({ name, score, valueText }) => [name, valueText ?? score]))
    expect(valuesOf(after)).toEqual(valuesOf(before))
  })

  it('that fails keeps the attempt in the history beside the result that stands', async () => {
    await start({ behaviours: [said(true)], otherwise: DOWN })
    const metric = await storeMetric(server.database)
    const id = await send()
    await server.settle()
    const content = { ...metric.content, prompt: 'Is it?' }
    const change = { id: metric.id, projectId: 1, change: { content }, author: 'Ada', now: 1 }
    await server.database.transaction((trx) => changeMetric(trx, change))
    await rerun(id)
    expect(await verdictsOf(id)).toMatchObject([{ state: 'scored', metricVersion: 1 }])
    const asked = { callId: id, metricId: metric.id, limit: 9 }
    expect(await listVerdictHistory(server.database.reader, asked)).toMatchObject([
      { state: 'failed', metricVersion: 2 },
      { state: 'scored', metricVersion: 1 },
    ])
  })
})

describe('an evaluation while the judge is still asked', () => {
  it('leaves the decision to whoever comes to the end of that', async () => {
    await start(null)
    const id = await send()
    await server.settle()
    const { database } = server
    await database.writer.updateTable('call').set({ status: 'evaluating', success: null }).execute()
    const decide = () =>
      database.transaction((trx) =>
        evaluateCall(trx, { hasJudge: false }, { payload: { callId: id }, now: 5 }),
      )
    const input = { work: { kind: 'rerun' as const }, target: { ids: [id] } }
    const started = await startBulkAction(database, { input, projectId: 1, startedBy: 'A', now: 1 })
    if (started.kind !== 'started') throw new Error(started.kind)
    const judging = { callId: id, runId: started.action.id, metricIds: [1] }
    await database.transaction((trx) =>
      enqueue(trx, { kind: 'judge-call', payload: judging, now: 1 }),
    )
    await decide()
    expect(await callOf(id)).toMatchObject({ status: 'evaluating', success: null })
    await database.writer.deleteFrom('job').where('kind', '=', 'judge-call').execute()
    await decide()
    expect(await callOf(id)).toMatchObject({ status: 'success', success: 1 })
  })
})

describe('a judge that is down', () => {
  it('leaves a call undecided that another rule passes, and is asked again the next time', async () => {
    await start({ behaviours: [DOWN], otherwise: said(false) })
    const asked = await storeMetric(server.database)
    const script = { kind: 'custom_code' as const, code: 'return true' }
    const passed = await storeMetric(server.database, { name: 'Script', content: script })
    await mustPassAll(asked, passed)
    const id = await send()
    await server.settle()
    expect(await verdictsOf(id)).toMatchObject([{ state: 'failed' }, { passed: true }])
    expect(await callOf(id)).toMatchObject({ is_judged: 0, judge_success: null })
    await evaluate(id)
    expect(await verdictsOf(id)).toMatchObject([{ state: 'scored' }, { passed: true }])
    expect(await callOf(id)).toMatchObject({ status: 'failure', success: 0, is_judged: 1 })
    // What was answered stands.
    await evaluate(id)
    expect(judge?.requests).toHaveLength(2)
  })
})

describe('sampling', () => {
  it('counts a call once, whatever it says later', async () => {
    await start({ otherwise: said(true) })
    await server.database.writer.updateTable('project').set({ sample_rate: 0.5 }).execute()
    await storeMetric(server.database, { isSampled: true })
    const first = await send()
    await server.settle()
    const transcript_json = [{ role: 'Main Agent', content: 'No.', start_time: 0, end_time: 1 }]
    expect(await send({ transcript_json })).toBe(first)
    await server.settle()
    expect(await verdictsOf(first)).toMatchObject([{ skipReason: 'sampling' }])
    const second = await send({ call_id: 'd' })
    await server.settle()
    // Half of two calls: the second.
    expect(await verdictsOf(second)).toMatchObject([{ state: 'scored' }])
  })
})

describe('a topic that a metric found', () => {
  it('gives way to the one that it finds later, and one that the sender gave does not', async () => {
    await start(null)
    const { database } = server
    const found = await send()
    const given = await send({ call_id: 'd' })
    await server.settle()
    await database.writer
      .updateTable('call')
      .set({ topic: 'order' })
      .where('id', '=', given)
      .execute()
    const [metric] = await database.transaction((trx) =>
      addPredefinedMetrics(trx, { projectId: 1, codes: ['topic-of-call'], author: 'A', now: 0 }),
    )
    const verdict = { metricId: metric?.id ?? 0, source: 'judge' as const, explanation: '' }
    const label = (callId: number, valueText: string) =>
      database.transaction(async (trx) => {
        const scored = { state: 'scored', skipReason: null, score: null, passed: null } as const
        const rest = { confidence: null, basis: null, evidence: [], extra: {} }
        const verdicts = [{ ...verdict, ...scored, ...rest, valueText }]
        await recordVerdicts(trx, { callId, verdicts, now: 1 })
        await finishCall(trx, { callId, run: null, now: 1 })
      })
    for (const valueText of ['billing', 'refund']) {
      await label(found, valueText)
      await label(given, valueText)
      expect(await callOf(found)).toMatchObject({ topic: valueText })
      expect(await callOf(given)).toMatchObject({ topic: 'order' })
    }
  })
})

describe('a script whose trigger is a question', () => {
  it('is not asked without a judge, the page says why, and it is due once there is one', async () => {
    await start(null)
    const trigger = { kind: 'prompt' as const, prompt: 'Somebody asks for a refund.' }
    const content = { kind: 'custom_code' as const, code: 'return true', trigger }
    await storeMetric(server.database, { content })
    const id = await send()
    await server.settle()
    const { database } = server
    expect(await verdictsOf(id)).toEqual([])
    const request = { callId: id, projectId: 1, judge: { isConfigured: false } }
    expect(await listCallVerdicts(database, request)).toMatchObject({
      items: [{ skipReason: 'no-judge', id: null }],
    })
    const payload = { callId: id }
    await database.transaction((trx) => evaluateCall(trx, { hasJudge: true }, { payload, now: 1 }))
    const jobs = await database.reader.selectFrom('job').select('kind').execute()
    expect(jobs).toEqual([{ kind: 'judge-call' }])
    // It is taken away again before the question is asked.
    await server.settle()
    expect(await verdictsOf(id)).toEqual([])
  })
})
