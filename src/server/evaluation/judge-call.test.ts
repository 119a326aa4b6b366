import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { BulkWork } from '#contract/bulk-action.ts'
import {
  answers,
  answersAnything,
  type JudgeBehaviour,
  type JudgeScript,
  type JudgeServer,
  startJudgeServer,
} from '#testing/judge-server.ts'
import { storeMetric } from '#testing/metric-builder.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { retryFailedCalls } from '../actions/retry-failed-calls.ts'
import { startBulkAction } from '../actions/start-bulk-action.ts'
import { cancelBulkAction } from '../actions/stop-bulk-action.ts'
import { createJudge, type JudgeOptions } from '../judge/judge.ts'
import { enqueue } from '../queue/job-kinds.ts'
import { createSandbox } from '../sandbox/sandbox.ts'
import { findBulkAction } from '../store/bulk-actions.ts'
import { changeMetric } from '../store/metrics.ts'
import { recordReview } from '../store/reviews.ts'
import { saveRubric } from '../store/rubrics.ts'
import { listCurrentVerdicts, listVerdictHistory } from '../store/verdicts.ts'
import { mustPass } from './install-metrics.ts'
import { judgeCall } from './judge-call.ts'
import { listCallVerdicts } from './list-call-verdicts.ts'
import { tryMetric } from './try-metric.ts'

let server: TestServer
let judge: JudgeServer | null

async function start(
  script: JudgeScript | null = { otherwise: answersAnything() },
  given: Partial<JudgeOptions> = {},
): Promise<void> {
  judge = script && (await startJudgeServer(script))
  const options = { model: 'm', apiKey: null, firstWaitMs: 1, ...given }
  const asked = judge && createJudge({ url: judge.url, ...options })
  server = await startTestServer({ judge: asked, price: { inputPrice: 2, outputPrice: 10 } })
}

afterEach(async () => {
  await server.close()
  await judge?.[Symbol.asyncDispose]()
})

let sent = 0

async function send(fields: Record<string, unknown> = {}): Promise<number> {
  sent += 1
  const response = await server.app.inject({
    method: 'POST',
    url: '/observability/v1/observe/',
    headers: server.admin,
    payload: {
      call_id: `c-${sent}`,
      agent: 1,
      transcript_json: [
        { role: 'Testing Agent', content: 'Where is my parcel?', start_time: 0, end_time: 2 },
        { role: 'Main Agent', content: 'It comes tomorrow.', start_time: 3, end_time: 5 },
      ],
      ...fields,
    },
  })
  expect(response.statusCode).toBeLessThan(300)
  return response.json().id
}

async function verdictsOf(callId: number) {
  return (await listCurrentVerdicts(server.database.reader, [callId])).get(callId) ?? []
}

function callOf(id: number) {
  return server.database.reader
    .selectFrom('call')
    .select(['status', 'success', 'is_judged', 'judge_success'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

async function rerun(ids: number[], work: Partial<BulkWork> = {}): Promise<number> {
  const input = { work: { kind: 'rerun' as const, ...work } as BulkWork, target: { ids } }
  const start = { input, projectId: 1, startedBy: 'Ada', now: Date.now() }
  const started = await startBulkAction(server.database, start)
  if (started.kind !== 'started') throw new Error('expected a rerun')
  return started.action.id
}

const LATE_MS = 300

const late = (value: unknown, delayMs = LATE_MS): JudgeBehaviour => {
  return { kind: 'answer', content: JSON.stringify(value), delayMs }
}

async function untilAsked(count: number): Promise<void> {
  const isReached = () => (judge?.requests.length ?? 0) >= count
  for (let tries = 0; !isReached() && tries < 300; tries++) await sleep(10)
  expect(judge?.requests.length).toBe(count)
}

const runOf = (id: number) => findBulkAction(server.database.reader, { id, projectId: 1 })

const cited = (passed: boolean) => ({
  evidence: [{ segment: 1, quote: 'It comes tomorrow', note: 'answers' }],
  explanation: passed ? 'Polite (00:03).' : 'Rude (00:03).',
  applies: true,
  passed,
  confidence: 90,
})

async function requirePoliteness() {
  const metric = await storeMetric(server.database)
  const rubric = { logic: 'and' as const, rules: [mustPass(metric)] }
  await saveRubric(server.database.writer, { projectId: 1, rubric, now: 0 })
  return metric
}

describe('a call that arrives', () => {
  it('is judged, and the verdict points at the second it speaks of', async () => {
    await start({ otherwise: answers(cited(false)) })
    await requirePoliteness()
    const id = await send()
    await server.settle()
    expect(await callOf(id)).toEqual({
      status: 'failure',
      success: 0,
      is_judged: 1,
      judge_success: 0,
    })
    const [verdict] = await verdictsOf(id)
    expect(verdict).toMatchObject({
      source: 'judge',
      score: 0,
      passed: false,
      metricVersion: 1,
      runId: null,
      evidence: [{ startSeconds: 3, endSeconds: 5, isFound: true, segmentIndex: 1 }],
    })
    expect(verdict?.inputTokens).toBeGreaterThan(0)
    expect(verdict?.costUsd).toBeGreaterThan(0)
  })

  it('stays open while it waits for the judge', async () => {
    await start({ otherwise: { kind: 'hang' } })
    await requirePoliteness()
    const id = await send()
    server.worker.start()
    for (let tries = 0; judge?.requests.length === 0 && tries < 200; tries++) await sleep(10)
    expect(judge?.requests.length).toBe(1)
    expect(await callOf(id)).toMatchObject({ status: 'evaluating', success: null })
  })

  it('without a judge has all other results, and the page says why the rest is missing', async () => {
    await start(null)
    const asked = await requirePoliteness()
    const code = 'return data.transcript.includes("parcel")'
    const script = await storeMetric(server.database, {
      name: 'Parcel',
      content: { kind: 'custom_code', code },
    })
    const id = await send()
    await server.settle()
    expect(await verdictsOf(id)).toMatchObject([{ metricId: script.id, passed: true }])
    expect(await callOf(id)).toMatchObject({ status: 'success', is_judged: 0 })
    const request = { callId: id, projectId: 1, judge: { isConfigured: false } }
    const listed = await listCallVerdicts(server.database, request)
    expect(listed?.items).toMatchObject([
      { metricId: asked.id, state: 'skipped', skipReason: 'no-judge', id: null },
      { metricId: script.id, state: 'scored' },
    ])
    expect(listed?.rubric).toMatchObject({ success: null, findings: [{ passed: null }] })
  })

  it('keeps its other results where one script is broken', async () => {
    await start(null)
    const broken = { kind: 'custom_code' as const, code: 'return data.nothing.at.all' }
    await storeMetric(server.database, { name: 'Broken', content: broken })
    const reads = { kind: 'custom_code' as const, code: 'return data["Broken"] === null' }
    await storeMetric(server.database, { name: 'Reads', content: reads })
    const id = await send()
    await server.settle()
    expect(await verdictsOf(id)).toMatchObject([
      { name: 'Broken', state: 'failed', score: null },
      { name: 'Reads', state: 'scored', passed: true },
    ])
  })

  it('keeps what the judge found where the scripts cannot run at all', async () => {
    await start({ otherwise: answers(cited(true)) })
    const asked = await storeMetric(server.database)
    const content = { kind: 'custom_code' as const, code: 'return true' }
    const script = await storeMetric(server.database, { name: 'Script', content })
    const callId = await send()
    const sandbox = createSandbox()
    await sandbox.close()
    const tools = {
      database: server.database,
      judge: judge && createJudge({ url: judge.url, model: 'm', apiKey: null }),
      price: { inputPrice: null, outputPrice: null },
      sandbox,
      clock: Date.now,
    }
    const payload = { callId, metricIds: [asked.id, script.id] }
    const { signal } = new AbortController()
    await judgeCall(tools, payload, { signal, complete: async () => true })
    expect(await verdictsOf(callId)).toMatchObject([
      { metricId: asked.id, state: 'scored', passed: true },
      { metricId: script.id, state: 'failed', explanation: expect.stringContaining('closed') },
    ])
  })

  it('is not judged by a metric whose trigger says no', async () => {
    await start()
    const trigger = {
      kind: 'code' as const,
      code: 'return { result: false, explanation: "short" }',
    }
    await storeMetric(server.database, { content: { trigger } })
    const id = await send()
    await server.settle()
    expect(await verdictsOf(id)).toMatchObject([
      { state: 'skipped', skipReason: 'trigger', explanation: 'short' },
    ])
    expect(judge?.requests).toHaveLength(0)
  })

  it('is judged only by the metrics that its sender asked for', async () => {
    await start()
    const one = await storeMetric(server.database, { name: 'One' })
    await storeMetric(server.database, { name: 'Two' })
    const id = await send({ metric_ids: `${one.id}` })
    await server.settle()
    expect(await verdictsOf(id)).toMatchObject([{ metricId: one.id }])
  })

  it('is judged anew when its words change, and not when they do not', async () => {
    await start()
    const metric = await storeMetric(server.database)
    const call_id = 'again'
    const id = await send({ call_id })
    await server.settle()
    await send({ call_id, metadata: { a: 1 } })
    await server.settle()
    await send({ call_id, metadata: { a: 1 } })
    await server.settle()
    // Metadata may be part of the question; the same payload again is not even looked at.
    expect(judge?.requests).toHaveLength(1)
    const before = await listVerdictHistory(server.database.reader, {
      callId: id,
      metricId: metric.id,
      limit: 9,
    })
    const transcript_json = [{ role: 'Main Agent', content: 'No.', start_time: 0, end_time: 1 }]
    await send({ call_id, transcript_json, metadata: { a: 1 } })
    await server.settle()
    expect(judge?.requests).toHaveLength(2)
    const after = await listVerdictHistory(server.database.reader, {
      callId: id,
      metricId: metric.id,
      limit: 9,
    })
    expect(after.slice(1)).toEqual(before)
    expect(await verdictsOf(id)).toHaveLength(1)
  })
})

describe('sampling', () => {
  it('judges the 4th, 7th and 10th of ten calls at a rate of 0.3, and says so of the others', async () => {
    await start()
    await server.database.writer.updateTable('project').set({ sample_rate: 0.3 }).execute()
    await storeMetric(server.database, { isSampled: true })
    const ids: number[] = []
    for (let n = 0; n < 10; n++) {
      ids.push(await send())
      await server.settle()
    }
    const states = await Promise.all(
      ids.map(async (id) => (await verdictsOf(id)).map(({ state }) => state)),
    )
    expect(states.map(([state], index) => (state === 'scored' ? index + 1 : 0))).toEqual([
      0, 0, 0, 4, 0, 0, 7, 0, 0, 10,
    ])
    expect(await verdictsOf(ids[0] ?? 0)).toMatchObject([{ skipReason: 'sampling' }])
    // A rerun is asked for by a person, who means it.
    await rerun([ids[0] ?? 0])
    await server.settle()
    expect(await verdictsOf(ids[0] ?? 0)).toMatchObject([{ state: 'scored' }])
  })
})

describe('a rerun', () => {
  it('keeps every earlier verdict, has one current, and counts what it took', async () => {
    await start({ behaviours: [answers(cited(false))], otherwise: answers(cited(true)) })
    const metric = await requirePoliteness()
    const id = await send()
    await server.settle()
    await server.database.transaction((trx) =>
      changeMetric(trx, {
        id: metric.id,
        projectId: 1,
        change: { content: { ...metric.content, prompt: 'Is the agent very polite?' } },
        author: 'Ada',
        now: 1,
      }),
    )
    const run = await rerun([id])
    await server.settle()
    expect(await callOf(id)).toMatchObject({ status: 'success', success: 1, is_judged: 1 })
    const history = await listVerdictHistory(server.database.reader, {
      callId: id,
      metricId: metric.id,
      limit: 9,
    })
    expect(history).toMatchObject([
      { passed: true, metricVersion: 2, runId: run },
      { passed: false, metricVersion: 1, runId: null },
    ])
    expect(await verdictsOf(id)).toMatchObject([{ id: history[0]?.id }])
    const action = await runOf(run)
    expect(action).toMatchObject({ state: 'done', doneCount: 1, failedCount: 0, totalCount: 1 })
    expect(action?.inputTokens).toBe(history[0]?.inputTokens)
  })

  it('does not pay twice for the same question', async () => {
    await start()
    await storeMetric(server.database)
    const id = await send()
    await server.settle()
    const run = await rerun([id])
    await server.settle()
    expect(judge?.requests).toHaveLength(1)
    expect(await runOf(run)).toMatchObject({ state: 'done', inputTokens: 0, costMicroUsd: 0 })
    // The result says what its answer took, whoever paid for it.
    expect(await verdictsOf(id)).toMatchObject([{ runId: run, inputTokens: 20, outputTokens: 5 }])
  })

  it('shares a question that the arrival of the call is asking at that moment', async () => {
    // Long enough for the rerun to come to its question.
    await start({ behaviours: [late(cited(true), 2000)] })
    await storeMetric(server.database)
    const id = await send()
    server.worker.start()
    await untilAsked(1)
    const run = await rerun([id])
    await server.settle()
    expect(judge?.requests).toHaveLength(1)
    expect(await runOf(run)).toMatchObject({ state: 'done', doneCount: 1, failedCount: 0 })
    expect(await verdictsOf(id)).toMatchObject([{ state: 'scored', runId: run }])
  })

  it('counts what was paid once, where it is asked for anew while the judge thinks', async () => {
    await start({ behaviours: [late(cited(true))] })
    const metric = await storeMetric(server.database, { isEnabled: false })
    const id = await send()
    await server.settle()
    const run = await rerun([id], { metricIds: [metric.id] })
    server.worker.start()
    await untilAsked(1)
    const payload = { callId: id, runId: run, metricIds: [metric.id] }
    await server.database.transaction((trx) =>
      enqueue(trx, { kind: 'judge-call', payload, now: Date.now() }),
    )
    await server.settle()
    expect(judge?.requests).toHaveLength(1)
    // 20 and 5 tokens at 2 and 10 dollars per million: 40 + 50.
    const paid = { inputTokens: 20, outputTokens: 5 }
    expect(await runOf(run)).toMatchObject({ state: 'done', ...paid, costMicroUsd: 90 })
    expect(await verdictsOf(id)).toMatchObject([{ ...paid, costUsd: 0.00009 }])
  })

  it('that is cancelled counts the answers that came before', async () => {
    await start({ behaviours: [answers(cited(true)), { kind: 'hang' }] })
    const [one, other] = [
      await storeMetric(server.database, { name: 'One', isEnabled: false }),
      await storeMetric(server.database, { name: 'Other', isEnabled: false }),
    ]
    const id = await send()
    await server.settle()
    const run = await rerun([id], { metricIds: [one.id, other.id] })
    server.worker.start()
    await untilAsked(2)
    const { reader } = server.database
    const kept = () => reader.selectFrom('judge_answer').select('key').execute()
    for (let tries = 0; (await kept()).length === 0 && tries < 300; tries++) await sleep(10)
    await cancelBulkAction(server.database, { id: run, projectId: 1, actor: 'Ada', now: 2 })
    await server.settle()
    expect(await runOf(run)).toMatchObject({
      state: 'cancelled',
      inputTokens: 20,
      costMicroUsd: 90,
    })
  })

  it('counts answers that do not fit, and no wait for the judge', async () => {
    const behaviours = [late({}), late({}), late(cited(true))]
    await start({ behaviours }, { maxConcurrent: 1 })
    const [one, other] = [
      await storeMetric(server.database, { name: 'One', isEnabled: false }),
      await storeMetric(server.database, { name: 'Other', isEnabled: false }),
    ]
    const id = await send()
    await server.settle()
    const run = await rerun([id], { metricIds: [one.id, other.id] })
    await server.settle()
    // Three answers of 20 tokens, of which two do not fit.
    expect(await runOf(run)).toMatchObject({ failedCount: 1, inputTokens: 60 })
    const verdicts = await verdictsOf(id)
    expect(verdicts.map(({ state }) => state).toSorted()).toEqual(['failed', 'scored'])
    // Its own answer takes 300 ms; the two before it, for which it waits, 600.
    const { durationMs } = verdicts.find(({ state }) => state === 'scored') ?? {}
    expect(durationMs).toBeGreaterThan(LATE_MS - 20)
    expect(durationMs).toBeLessThan(2.5 * LATE_MS)
  })

  it('leaves a person’s decision alone and keeps the judge’s beside it', async () => {
    await start({ otherwise: answers(cited(false)) })
    await requirePoliteness()
    const id = await send()
    await server.settle()
    await server.database.transaction((trx) =>
      recordReview(trx, { callId: id, success: true, reviewer: 'Ada', now: 1, bulkActionId: null }),
    )
    await rerun([id])
    await server.settle()
    expect(await callOf(id)).toMatchObject({
      status: 'reviewed_success',
      success: 1,
      judge_success: 0,
    })
  })

  it('that fails takes no result away, says what broke, and can be tried again', async () => {
    const down = { kind: 'status' as const, status: 401, body: { error: { message: 'no' } } }
    await start({ behaviours: [answers(cited(true)), down], otherwise: answers(cited(false)) })
    const metric = await requirePoliteness()
    const id = await send()
    await server.settle()
    const content = { ...metric.content, prompt: 'Is it?' }
    const change = { id: metric.id, projectId: 1, change: { content }, author: 'Ada', now: 1 }
    await server.database.transaction((trx) => changeMetric(trx, change))
    const run = await rerun([id])
    await server.settle()
    expect(await verdictsOf(id)).toMatchObject([{ passed: true, metricVersion: 1 }])
    expect(await callOf(id)).toMatchObject({ status: 'success' })
    expect(await runOf(run)).toMatchObject({ state: 'done', doneCount: 1, failedCount: 1 })
    const retried = await retryFailedCalls(server.database, {
      id: run,
      projectId: 1,
      startedBy: 'Ada',
      now: Date.now(),
    })
    await server.settle()
    expect(await verdictsOf(id)).toMatchObject([{ passed: false, metricVersion: 2 }])
    if (retried.kind !== 'changed') throw new Error(retried.kind)
    expect(await runOf(retried.action.id)).toMatchObject({ state: 'done', failedCount: 0 })
  })

  it('judges by the named metrics alone', async () => {
    await start()
    const off = await storeMetric(server.database, { name: 'Off', isEnabled: false })
    await storeMetric(server.database, { name: 'On' })
    const id = await send()
    await server.settle()
    await rerun([id], { metricIds: [off.id] })
    await server.settle()
    const names = (await verdictsOf(id)).map(({ name, runId }) => [name, runId !== null])
    expect(names.toSorted()).toEqual([
      ['Off', true],
      ['On', false],
    ])
  })

  it('that is cancelled leaves no call open', async () => {
    await start({ behaviours: [answers(cited(true))], otherwise: { kind: 'hang' } })
    const metric = await requirePoliteness()
    const id = await send()
    await server.settle()
    const content = { ...metric.content, prompt: 'Is it?' }
    const change = { id: metric.id, projectId: 1, change: { content }, author: 'Ada', now: 1 }
    await server.database.transaction((trx) => changeMetric(trx, change))
    const run = await rerun([id])
    for (let tries = 0; judge?.requests.length === 1 && tries < 300; tries++) await sleep(10)
    expect(await callOf(id)).toMatchObject({ status: 'evaluating' })
    await cancelBulkAction(server.database, { id: run, projectId: 1, actor: 'Ada', now: 2 })
    await server.settle()
    expect(await callOf(id)).toMatchObject({ status: 'success', success: 1 })
    expect(await verdictsOf(id)).toMatchObject([{ metricVersion: 1 }])
  })

  it('of a call that is deleted meanwhile comes to its end', async () => {
    await start()
    await storeMetric(server.database)
    const [kept, gone] = [await send(), await send()]
    await server.settle()
    const run = await rerun([kept, gone])
    await server.database.writer.deleteFrom('call').where('id', '=', gone).execute()
    await server.settle()
    expect(await runOf(run)).toMatchObject({ state: 'done', doneCount: 2, skippedCount: 1 })
  })
})

describe('trying a metric', () => {
  it('says what it would say beside what counts, and keeps nothing', async () => {
    await start({ behaviours: [answers(cited(true))], otherwise: answers(cited(false)) })
    const metric = await storeMetric(server.database)
    const callId = await send()
    await server.settle()
    const asked = judge && createJudge({ url: judge.url, model: 'm', apiKey: null })
    const tools = {
      database: server.database,
      judge: asked,
      price: { inputPrice: null, outputPrice: null },
      sandbox: { run: () => Promise.reject(new Error('no script')), close: async () => undefined },
      clock: Date.now,
    }
    const trial = await tryMetric(tools, {
      callId,
      projectId: 1,
      metricId: metric.id,
      name: 'Politeness',
      content: { ...metric.content, prompt: 'Is it?' },
      signal: new AbortController().signal,
    })
    expect(trial).toMatchObject({
      tried: { passed: false, id: null },
      current: { passed: true, metricVersion: 1 },
    })
    expect(await verdictsOf(callId)).toMatchObject([{ passed: true }])
  })
})
