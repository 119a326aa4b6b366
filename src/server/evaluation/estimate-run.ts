import type { RunEstimate, RunRequest } from '#contract/evaluation-run.ts'
import type { FilterIssue } from '#contract/filter-parse.ts'
import { needsJudge } from '#contract/needs-judge.ts'
import {
  estimateQuestion,
  estimateTrigger,
  type QuestionEstimate,
} from '../judge/estimate-question.ts'
import type { Judge } from '../judge/judge.ts'
import { costMicroUsd, type JudgePrice } from '../judge/judge-cost.ts'
import { takeTurn } from '../judge/take-turn.ts'
import { readSelection } from '../store/call-selection.ts'
import { listCallStandings } from '../store/call-standings.ts'
import { countCalls, listCallIds } from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import { type EvaluationInput, findEvaluationInput } from '../store/evaluation-input.ts'
import { listMetricRecords, type MetricRecord } from '../store/metrics.ts'
import { usdOf } from '../store/us-dollars.ts'
import { readJudgeSpeed } from '../store/verdicts.ts'
import { applicableMetrics, scopeOf } from './applicable-metrics.ts'

/** Calls whose transcripts are looked at; the rest is taken to be like these. */
const SAMPLE_CALLS = 20

export type EstimateTools = {
  database: Database
  judge: Judge | null
  price: JudgePrice
  /** Questions the judge takes at a time. */
  maxConcurrent: number
  clock: () => number
}

export type EstimatedRun =
  | { kind: 'estimated'; estimate: RunEstimate }
  | { kind: 'unreadable-filter'; issues: readonly FilterIssue[] }

/** What a rerun would take: an extrapolation from the newest of its calls. Answers that are stored are counted as asked. */
export async function estimateRun(
  tools: EstimateTools,
  { request, projectId }: { request: RunRequest; projectId: number },
): Promise<EstimatedRun> {
  const { database, judge } = tools
  const target = await readTarget(tools, { request, projectId })
  if (target.kind === 'unreadable-filter') return target
  const metrics = await listMetricRecords(database.reader, projectId)
  const wanted = request.metricIds ?? null
  const named = metrics.filter(({ id, isEnabled, content }) => {
    if (content.kind === 'recorded') return false
    return wanted === null ? isEnabled : wanted.includes(id)
  })
  const waiting = judge === null ? named.filter(({ content }) => needsJudge(content)) : []
  const calls = await readSample(database, target.sampleIds)
  const share = calls.length === 0 ? 0 : target.callCount / calls.length
  const asked = judge === null ? [] : await askOfEach(named, { calls, wanted })
  const inputTokens = Math.round(sum(asked.map((it) => it.inputTokens)) * share)
  const outputTokens = Math.round(sum(asked.map((it) => it.outputTokens)) * share)
  const questionCount = Math.round(sum(asked.map((it) => it.questionCount)) * share)
  const cost = costMicroUsd({ inputTokens, outputTokens }, tools.price)
  const estimate = {
    callCount: target.callCount,
    metricCount: named.length,
    questionCount,
    inputTokens,
    outputTokens,
    costUsd: cost === null ? null : usdOf(cost),
    durationSeconds: await readDuration(tools, { questionCount, projectId }),
    skippedMetricCount: waiting.length,
  }
  return { kind: 'estimated', estimate }
}

type Target =
  | { kind: 'read'; callCount: number; sampleIds: readonly number[] }
  | { kind: 'unreadable-filter'; issues: readonly FilterIssue[] }

async function readTarget(
  { database, clock }: EstimateTools,
  { request: { target }, projectId }: { request: RunRequest; projectId: number },
): Promise<Target> {
  if ('ids' in target) {
    const calls = await listCallStandings(database.reader, { ids: target.ids, projectId })
    const sampleIds = calls.slice(0, SAMPLE_CALLS).map(({ id }) => id)
    return { kind: 'read', callCount: calls.length, sampleIds }
  }
  const read = readSelection(target.matching, { projectId, now: clock() })
  if (!read.ok) return { kind: 'unreadable-filter', issues: read.issues }
  const callCount = await countCalls(database, read.query)
  const sampleIds = await listCallIds(database, { query: read.query, limit: SAMPLE_CALLS })
  return { kind: 'read', callCount, sampleIds }
}

async function readSample(database: Database, ids: readonly number[]): Promise<EvaluationInput[]> {
  const calls = await Promise.all(ids.map((id) => findEvaluationInput(database.reader, id)))
  return calls.filter((call) => call !== null)
}

type Asked = { questionCount: number; inputTokens: number; outputTokens: number }

type Wanted = { wanted: readonly number[] | null }

/** Call after call and question after question: everybody else is served between those about long calls. */
async function askOfEach(
  metrics: readonly MetricRecord[],
  { calls, wanted }: Wanted & { calls: readonly EvaluationInput[] },
): Promise<Asked[]> {
  const asked: Asked[] = []
  for (const call of calls) asked.push(await askOf(metrics, { call, wanted }))
  return asked
}

async function askOf(
  metrics: readonly MetricRecord[],
  { call, wanted }: Wanted & { call: EvaluationInput },
): Promise<Asked> {
  const applicable = applicableMetrics(metrics, { call: scopeOf(call), wanted })
  const questions: QuestionEstimate[] = []
  for (const metric of applicable.filter(({ content }) => needsJudge(content))) {
    await takeTurn(call.segments)
    questions.push(...questionsOf(metric, call))
  }
  return {
    questionCount: questions.filter(({ inputTokens }) => inputTokens > 0).length,
    inputTokens: sum(questions.map((it) => it.inputTokens)),
    outputTokens: sum(questions.map((it) => it.outputTokens)),
  }
}

/** Of a script the judge is asked only whether it applies. */
function questionsOf(metric: MetricRecord, call: EvaluationInput): QuestionEstimate[] {
  const question = { metric: { ...metric, categories: [] }, call }
  const trigger = estimateTrigger(question)
  const own = metric.content.kind === 'llm_judge' ? [estimateQuestion(question)] : []
  return trigger === null ? own : [trigger, ...own]
}

/** Null where the judge was never asked: nothing says how fast it is. */
async function readDuration(
  { database, maxConcurrent }: EstimateTools,
  { questionCount, projectId }: { questionCount: number; projectId: number },
): Promise<number | null> {
  if (questionCount === 0) return 0
  const meanMs = await readJudgeSpeed(database.reader, projectId)
  return meanMs === null ? null : (questionCount * meanMs) / 1000 / maxConcurrent
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
