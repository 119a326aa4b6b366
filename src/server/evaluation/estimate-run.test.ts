import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunEstimate, RunRequest } from '#contract/evaluation-run.ts'
import { openTemporaryDatabase, saying, storeCalls } from '#testing/call-builder.ts'
import { storeMetric } from '#testing/metric-builder.ts'
import { estimateQuestion, estimateTrigger } from '../judge/estimate-question.ts'
import type { Judge } from '../judge/judge.ts'
import { findEvaluationInput } from '../store/evaluation-input.ts'
import type { MetricRecord } from '../store/metrics.ts'
import { type NewVerdict, recordVerdicts } from '../store/verdicts.ts'
import { type EstimateTools, estimateRun } from './estimate-run.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>
/** Two calls about refunds in which the same is said, and one in which nothing is. */
let ids: number[]
let polite: MetricRecord
let triggered: MetricRecord

const JUDGE: Judge = { model: 'm', ask: () => expect.unreachable('an estimate asks nothing') }

beforeAll(async () => {
  store = await openTemporaryDatabase()
  const content = saying('Where is my parcel?', 'It comes tomorrow.')
  const fields = { topic: 'refund' }
  ids = await storeCalls(store.database, [
    { callId: 'a', fields, content },
    { callId: 'b', fields, content },
    { callId: 'silent', fields: { transcript_state: 'none' } },
  ])
  polite = await storeMetric(store.database, { name: 'Polite' })
  const trigger = { kind: 'prompt', prompt: 'A refund is asked for.' } as const
  triggered = await storeMetric(store.database, { name: 'Refund', content: { trigger } })
  await storeMetric(store.database, { name: 'Off', isEnabled: false })
  await storeMetric(store.database, { name: 'Script', content: { kind: 'custom_code', code: '1' } })
})

afterAll(() => store.close())

beforeEach(async () => {
  await store.database.writer.deleteFrom('verdict').execute()
})

const tools = (given: Partial<EstimateTools> = {}): EstimateTools => ({
  database: store.database,
  judge: JUDGE,
  price: { inputPrice: 2, outputPrice: 10 },
  maxConcurrent: 4,
  clock: () => 0,
  ...given,
})

async function estimate(
  request: RunRequest,
  given: Partial<EstimateTools> = {},
): Promise<RunEstimate> {
  const estimated = await estimateRun(tools(given), { request, projectId: 1 })
  if (estimated.kind !== 'estimated') throw new Error(estimated.kind)
  return estimated.estimate
}

async function inputTokensOf(metric: MetricRecord, callId: number): Promise<number> {
  const call = await findEvaluationInput(store.database.reader, callId)
  if (call === null) throw new Error('The call is gone')
  const question = { metric: { ...metric, categories: [] }, call }
  return estimateQuestion(question).inputTokens + (estimateTrigger(question)?.inputTokens ?? 0)
}

function recordJudged(tookMs: readonly number[], given: Partial<NewVerdict> = {}): Promise<void> {
  return store.database.transaction(async (trx) => {
    for (const took of tookMs) {
      const verdict: NewVerdict = {
        state: 'failed',
        skipReason: null,
        score: null,
        valueText: null,
        passed: null,
        explanation: '',
        confidence: null,
        basis: null,
        evidence: [],
        extra: {},
        metricId: polite.id,
        source: 'judge',
        tookMs: took,
        inputTokens: 10,
        ...given,
      }
      await recordVerdicts(trx, { callId: ids[0] ?? 0, verdicts: [verdict], now: 0 })
    }
  })
}

describe('estimateRun', () => {
  it('counts questions, triggers, tokens and what they cost, of named calls', async () => {
    const [first = 0] = ids
    const perCall = (await inputTokensOf(polite, first)) + (await inputTokensOf(triggered, first))
    // Two yes-or-no questions of 250 tokens out and a trigger of 60, on each of two calls: the silent one is not asked.
    const inputTokens = 2 * perCall
    const outputTokens = 2 * (250 + 250 + 60)
    expect(await estimate({ target: { ids } })).toEqual({
      callCount: 3,
      metricCount: 3,
      questionCount: 6,
      inputTokens,
      outputTokens,
      // 2 and 10 dollars per million.
      costUsd: (2 * inputTokens + 10 * outputTokens) / 1e6,
      durationSeconds: null,
      skippedMetricCount: 0,
    })
    // A trigger is a question of its own, so that it costs more than the metric alone.
    expect(perCall).toBeGreaterThan(2 * (await inputTokensOf(polite, first)))
  })

  it('of a script counts the question whether it applies, and no other', async () => {
    const trigger = { kind: 'prompt', prompt: 'A refund is asked for.' } as const
    const { id } = await storeMetric(store.database, {
      name: 'Asked script',
      isEnabled: false,
      content: { kind: 'custom_code', code: '1', trigger },
    })
    // 60 tokens out on each of the two calls in which something is said.
    expect(await estimate({ target: { ids }, metricIds: [id] })).toMatchObject({
      questionCount: 2,
      outputTokens: 120,
    })
    const unasked = await estimate({ target: { ids }, metricIds: [id] }, { judge: null })
    expect(unasked).toMatchObject({ questionCount: 0, skippedMetricCount: 1 })
  })

  it('is of the calls that match, and of the project alone', async () => {
    const matching = { filter: 'topic.eq.refund' }
    const metricIds = [polite.id]
    expect(await estimate({ target: { matching }, metricIds })).toMatchObject({
      callCount: 2,
      metricCount: 1,
      questionCount: 2,
      outputTokens: 500,
    })
    const foreign = await estimateRun(tools(), {
      request: { target: { ids } },
      projectId: 2,
    })
    expect(foreign).toMatchObject({
      estimate: { callCount: 0, metricCount: 0, questionCount: 0, costUsd: 0, durationSeconds: 0 },
    })
  })

  it('takes the rest to be like the first twenty', async () => {
    const content = saying('Hello?', 'Hello.')
    const many = Array.from({ length: 30 }, (_, n) => ({
      callId: `n-${n}`,
      fields: { topic: 'many' },
      content,
    }))
    await storeCalls(store.database, many)
    const matching = { filter: 'topic.eq.many' }
    // 20 questions of 250 tokens, for 30 calls: times 1.5.
    expect(await estimate({ target: { matching }, metricIds: [polite.id] })).toMatchObject({
      callCount: 30,
      questionCount: 30,
      outputTokens: 7500,
    })
  })

  it('without a judge asks nothing, and says how many metrics that leaves out', async () => {
    expect(await estimate({ target: { ids } }, { judge: null })).toMatchObject({
      metricCount: 3,
      questionCount: 0,
      inputTokens: 0,
      durationSeconds: 0,
      skippedMetricCount: 2,
    })
  })

  it('has no cost where no price is known', async () => {
    const price = { inputPrice: null, outputPrice: null }
    expect(await estimate({ target: { ids } }, { price })).toMatchObject({ costUsd: null })
  })

  it('tells how long it takes by what the judge took lately', async () => {
    await recordJudged([1000, 3000])
    // Skipped: nobody was asked.
    await recordJudged([0, 0, 0], { inputTokens: null })
    await recordJudged([9000], { source: 'measured', inputTokens: null })
    // 2 s on average, 6 questions, 4 at a time.
    const { durationSeconds } = await estimate({ target: { ids } })
    expect(durationSeconds).toBe((6 * 2) / 4)
  })

  it('says what is wrong with a filter', async () => {
    const request = { target: { matching: { filter: 'nothing.such.x' } } }
    expect(await estimateRun(tools(), { request, projectId: 1 })).toMatchObject({
      kind: 'unreadable-filter',
      issues: [expect.anything()],
    })
  })
})
