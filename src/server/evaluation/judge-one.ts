import { performance } from 'node:perf_hooks'
import type { Transaction } from 'kysely'
import { type Finding, failed, skipped } from '#contract/metric-result.ts'
import { decideTrigger } from '../judge/decide-trigger.ts'
import { costMicroUsd } from '../judge/judge-cost.ts'
import { judgeMetric } from '../judge/judge-metric.ts'
import { type JudgedMetric, type StoredAnswers, UNASKED } from '../judge/judged-call.ts'
import { chargeRun } from '../store/bulk-actions.ts'
import { listCategories } from '../store/critical-categories.ts'
import type { EvaluationInput } from '../store/evaluation-input.ts'
import { findJudgeAnswer, keepJudgeAnswer } from '../store/judge-answers.ts'
import type { MetricRecord } from '../store/metrics.ts'
import type { Tables } from '../store/tables.ts'
import { type Judged, type JudgeTools, NO_JUDGE } from './judge-tools.ts'
import type { JudgeUsage } from './new-verdict.ts'
import { runMetricScript, runTriggerScript } from './run-metric-script.ts'

/** Results of other metrics by name, as far as they are known. */
export type OtherResults = ReadonlyMap<string, Finding>

export type OneRequest = {
  metric: MetricRecord
  call: EvaluationInput
  results: OtherResults
  signal: AbortSignal
  /** The rerun that pays for it. */
  runId?: number | undefined
  /** `anew`: not from stored answers, and nothing is stored, as where the judge itself is tested. */
  asking?: 'stored' | 'anew'
}

/** What one metric of a judge or a script finds, with its trigger asked first. Rejects once `signal` aborts. */
export async function judgeOne(tools: JudgeTools, request: OneRequest): Promise<Judged> {
  const { metric } = request
  const triggered = await askTrigger(tools, request)
  const asked =
    triggered.finding === null
      ? await askMetric(tools, request)
      : { ...UNASKED, finding: triggered.finding, deviations: [] }
  const usage = addUsage(triggered.usage, asked.usage)
  return { metric, ...asked, usage, tookMs: triggered.tookMs + asked.tookMs }
}

/** What finding out took; the wait for a place at the judge is not part of it. */
type Taken = Pick<Judged, 'usage' | 'tookMs'>

type Answer = Pick<Judged, 'finding' | 'deviations'> & Taken

/** `finding` null: the metric applies. */
type Triggered = { finding: Finding | null } & Taken

async function askTrigger(tools: JudgeTools, request: OneRequest): Promise<Triggered> {
  const { metric, call, results, signal } = request
  const { trigger } = metric.content
  if (trigger.kind === 'always') return { ...UNASKED, finding: null }
  if (trigger.kind === 'code') {
    const { code } = trigger
    return await timed(() => runTriggerScript(tools, { code, call, results, signal }))
  }
  if (tools.judge === null) return { ...UNASKED, finding: NO_JUDGE }
  const answers = storedAnswers(tools, request)
  const judged = toJudged(metric, [])
  const decided = await decideTrigger({ judge: tools.judge, answers, metric: judged, call, signal })
  const taken = { usage: withCost(tools, decided.usage), tookMs: decided.tookMs }
  if (decided.kind === 'failed') return { ...taken, finding: failed(decided.message) }
  if (decided.applies) return { ...taken, finding: null }
  return { ...taken, finding: skipped('trigger', decided.reason) }
}

async function askMetric(tools: JudgeTools, request: OneRequest): Promise<Answer> {
  const { metric, call, results, signal } = request
  if (metric.content.kind === 'custom_code') {
    const { content } = metric
    const ran = await timed(() => runMetricScript(tools, { content, call, results, signal }))
    return { ...ran, deviations: [] }
  }
  if (tools.judge === null) return { ...UNASKED, finding: NO_JUDGE, deviations: [] }
  const categories = metric.id > 0 ? await listCategories(tools.database.reader, metric.id) : []
  const answered = await judgeMetric({
    judge: tools.judge,
    answers: storedAnswers(tools, request),
    metric: toJudged(metric, categories),
    call,
    otherResults: [...results].map(([name, result]) => ({ ...result, name })),
    signal,
  })
  return { ...answered, usage: withCost(tools, answered.usage) }
}

async function timed<T>(run: () => Promise<T>): Promise<{ finding: T } & Taken> {
  const start = performance.now()
  const finding = await run()
  return { finding, usage: null, tookMs: performance.now() - start }
}

type Categories = Awaited<ReturnType<typeof listCategories>>

function toJudged(
  { id, name, version, content }: MetricRecord,
  categories: Categories,
): JudgedMetric {
  return { id, name, version, content, categories }
}

/** A rerun is charged as answers come: it may be cancelled, or the server die, before there is a result. */
function storedAnswers(
  tools: JudgeTools,
  { call, runId, asking = 'stored' }: OneRequest,
): StoredAnswers | null {
  if (asking === 'anew') return null
  const { database, clock } = tools
  const charge = async (trx: Transaction<Tables>, tokens: Tokens) => {
    if (runId === undefined) return
    const { inputTokens, outputTokens } = tokens
    const cost = costMicroUsd(tokens, tools.price)
    await chargeRun(trx, {
      id: runId,
      inputTokens: inputTokens ?? 0,
      outputTokens: outputTokens ?? 0,
      costMicroUsd: cost ?? 0,
    })
  }
  return {
    find: (key) => findJudgeAnswer(database.reader, key),
    // Answers that come together are made durable together: a commit holds up all other questions.
    keep: (key, answer) =>
      database.sharedTransaction(async (trx) => {
        await keepJudgeAnswer(trx, { key, callId: call.id, answer, now: clock() })
        await charge(trx, answer)
      }),
    charge: (usage) => database.sharedTransaction((trx) => charge(trx, usage)),
  }
}

type Tokens = { model: string; inputTokens: number | null; outputTokens: number | null }

function withCost({ price }: JudgeTools, usage: Tokens | null): JudgeUsage | null {
  return usage && { ...usage, costMicroUsd: costMicroUsd(usage, price) }
}

function addUsage(a: JudgeUsage | null, b: JudgeUsage | null): JudgeUsage | null {
  if (a === null || b === null) return a ?? b
  return {
    model: b.model,
    inputTokens: addKnown(a.inputTokens, b.inputTokens),
    outputTokens: addKnown(a.outputTokens, b.outputTokens),
    costMicroUsd: addKnown(a.costMicroUsd, b.costMicroUsd),
  }
}

/** A sum with an unknown part is unknown. */
function addKnown(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b
}
