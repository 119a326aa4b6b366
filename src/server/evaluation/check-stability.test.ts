import { afterEach, describe, expect, it } from 'vitest'
import { openTemporaryDatabase, saying, storeCalls } from '#testing/call-builder.ts'
import {
  answers,
  type JudgeBehaviour,
  type JudgeScript,
  type JudgeServer,
  startJudgeServer,
} from '#testing/judge-server.ts'
import { storeMetric } from '#testing/metric-builder.ts'
import { until } from '#testing/until.ts'
import { createJudge } from '../judge/judge.ts'
import { changeMetric, type MetricRecord } from '../store/metrics.ts'
import { findStabilityCheck, setStabilityState } from '../store/stability-checks.ts'
import { listCurrentVerdicts } from '../store/verdicts.ts'
import { checkStability, startStabilityCheck } from './check-stability.ts'
import type { JudgeTools } from './judge-tools.ts'

const NEVER = new AbortController().signal

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>
let judge: JudgeServer
let tools: JudgeTools
let callId: number
let metric: MetricRecord

async function open(script: JudgeScript): Promise<void> {
  store = await openTemporaryDatabase()
  judge = await startJudgeServer(script)
  tools = {
    database: store.database,
    judge: createJudge({ url: judge.url, model: 'm', apiKey: null, firstWaitMs: 1 }),
    price: { inputPrice: 2, outputPrice: 10 },
    sandbox: { run: () => Promise.reject(new Error('no script')), close: async () => undefined },
    clock: () => 5,
  }
  ;[callId = 0] = await storeCalls(store.database, [
    { callId: 'c', content: saying('Where is my parcel?', 'It comes tomorrow.') },
  ])
  metric = await storeMetric(store.database)
}

afterEach(async () => {
  await judge[Symbol.asyncDispose]()
  await store.close()
})

function saysYes(passed: boolean): JudgeBehaviour {
  return answers({ evidence: [], explanation: 'So it is.', applies: true, passed, confidence: 90 })
}

async function start(times: number): Promise<number> {
  const started = await startStabilityCheck(tools, {
    callId,
    projectId: 1,
    metricId: metric.id,
    times,
  })
  if (started.kind !== 'started') throw new Error(started.kind)
  return started.check.id
}

const find = (id: number) => findStabilityCheck(store.database.writer, { id, projectId: 1 })

describe('checkStability', () => {
  it('asks as often as it is told, and no answer counts as a result', async () => {
    await open({ behaviours: [saysYes(true), saysYes(true), saysYes(false)] })
    const checkId = await start(3)
    await checkStability(tools, { checkId }, NEVER)
    const check = await find(checkId)
    expect(check).toMatchObject({ state: 'done', metricVersion: 1, errorMessage: null })
    expect(check?.answers.map(({ passed }) => passed)).toEqual([true, true, false])
    // One of three differs from the others.
    expect(check?.flipRate).toBeCloseTo(1 / 3)
    // Of the test judge: 20 tokens in for 2 and 5 out for 10 dollars per million.
    expect(check?.answers[0]).toMatchObject({ inputTokens: 20, outputTokens: 5, costUsd: 90e-6 })
    expect((await listCurrentVerdicts(store.database.reader, [callId])).size).toBe(0)
  })

  it('neither takes stored answers nor stores any', async () => {
    await open({ otherwise: saysYes(true) })
    await checkStability(tools, { checkId: await start(2) }, NEVER)
    await checkStability(tools, { checkId: await start(2) }, NEVER)
    expect(judge.requests).toHaveLength(4)
    const kept = await store.database.reader.selectFrom('judge_answer').select('key').execute()
    expect(kept).toEqual([])
  })

  it('keeps each answer at once, and goes on from there after it was cut off', async () => {
    await open({
      behaviours: [saysYes(true), saysYes(true), { kind: 'hang' }],
      otherwise: saysYes(true),
    })
    const checkId = await start(4)
    const cutting = new AbortController()
    const first = checkStability(tools, { checkId }, cutting.signal)
    await until(() => judge.requests.length === 3)
    expect((await find(checkId))?.answers).toHaveLength(2)
    cutting.abort(new Error('stopped'))
    await expect(first).rejects.toThrow('stopped')
    expect(await find(checkId)).toMatchObject({ state: 'running' })
    await checkStability(tools, { checkId }, NEVER)
    const check = await find(checkId)
    expect(check).toMatchObject({ state: 'done', flipRate: 0 })
    expect(check?.answers).toHaveLength(4)
    // Two kept, one cut off, two more.
    expect(judge.requests).toHaveLength(5)
  })

  it('asks no more once it is cancelled', async () => {
    await open({ otherwise: saysYes(true) })
    const checkId = await start(5)
    const cancelled = { id: checkId, state: 'cancelled', errorMessage: null } as const
    const { judge: asked } = tools
    if (asked === null) throw new Error('no judge')
    const cancelling: JudgeTools = {
      ...tools,
      judge: {
        model: asked.model,
        ask: async (question) => {
          const answer = await asked.ask(question)
          if (judge.requests.length === 2) {
            await store.database.transaction((trx) => setStabilityState(trx, cancelled))
          }
          return answer
        },
      },
    }
    await checkStability(cancelling, { checkId }, NEVER)
    expect(judge.requests).toHaveLength(2)
    const check = await find(checkId)
    expect(check?.state).toBe('cancelled')
    // The second answer came too late.
    expect(check?.answers).toHaveLength(1)
  })

  it('shows answers that failed, which are none to compare', async () => {
    const down = { kind: 'status' as const, status: 401, body: { error: { message: 'no' } } }
    await open({ behaviours: [saysYes(true), down, saysYes(true)] })
    const checkId = await start(3)
    await checkStability(tools, { checkId }, NEVER)
    const check = await find(checkId)
    expect(check?.answers.map(({ state }) => state)).toEqual(['scored', 'failed', 'scored'])
    expect(check).toMatchObject({ state: 'done', flipRate: 0 })
  })

  it('fails with the reason once the metric is another version, or there is no judge', async () => {
    await open({ otherwise: saysYes(true) })
    const withoutJudge = await start(2)
    await checkStability({ ...tools, judge: null }, { checkId: withoutJudge }, NEVER)
    expect(await find(withoutJudge)).toMatchObject({
      state: 'failed',
      answers: [],
      flipRate: null,
      errorMessage: expect.stringContaining('JUDGE_URL'),
    })
    const checkId = await start(2)
    const content = { ...metric.content, prompt: 'Is it?' }
    const change = { id: metric.id, projectId: 1, change: { content }, author: 'Ada', now: 1 }
    await store.database.transaction((trx) => changeMetric(trx, change))
    await checkStability(tools, { checkId }, NEVER)
    expect(await find(checkId)).toMatchObject({
      state: 'failed',
      answers: [],
      errorMessage: expect.stringContaining('from version 1 to 2'),
    })
  })

  it('is not begun for a metric that always answers alike, without a judge, or for what is not there', async () => {
    await open({})
    const script = await storeMetric(store.database, {
      name: 'Script',
      content: { kind: 'custom_code' },
    })
    const request = { callId, projectId: 1, metricId: metric.id, times: 2 }
    const begin = (given: Partial<typeof request>, judged: Partial<JudgeTools> = {}) =>
      startStabilityCheck({ ...tools, ...judged }, { ...request, ...given })
    expect(await begin({ metricId: script.id })).toEqual({ kind: 'not-judged' })
    expect(await begin({}, { judge: null })).toEqual({ kind: 'no-judge' })
    expect(await begin({ projectId: 2 })).toEqual({ kind: 'not-found', what: 'Call' })
    expect(await begin({ metricId: 999 })).toEqual({ kind: 'not-found', what: 'Metric' })
    const checks = await store.database.reader.selectFrom('stability_check').select('id').execute()
    expect(checks).toEqual([])
  })
})
