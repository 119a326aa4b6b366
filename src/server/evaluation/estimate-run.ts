import type { RunEstimate, RunRequest } from '#contract/evaluation-run.ts'
import type { FilterIssue } from '#contract/filter-parse.ts'
import { estimateQuestion, estimateTrigger } from '../judge/estimate-question.ts'
import type { Judge } from '../judge/judge.ts'
import { costMicroUsd, type JudgePrice } from '../judge/judge-cost.ts'
import { readSelection } from '../store/call-selection.ts'
import { listCallStandings } from '../store/call-standings.ts'
import { countCalls, listCallIds } from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import { type EvaluationInput, findEvaluationInput } from '../store/evaluation-input.ts'
import { listMetricRecords, type MetricRecord } from '../store/metrics.ts'
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
  const needsJudge = named.filter(({ content }) => content.kind === 'llm_judge')
  const calls = await readSample(database, target.sampleIds)
  const share = calls.length === 0 ? 0 : target.callCount / calls.length
  const asked = judge === null ? [] : calls.map((call) => askOf(named, { call, wanted }))
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
    costUsd: cost === null ? null : cost / 1e6,
    durationSeconds: await readDuration(tools, { questionCount, projectId }),
    skippedMetricCount: judge === null ? needsJudge.length : 0,
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

function askOf(
  metrics: readonly MetricRecord[],
  { call, wanted }: { call: EvaluationInput; wanted: readonly number[] | null },
): Asked {
  const judged = applicableMetrics(metrics, { call: scopeOf(call), wanted }).filter(
    ({ content }) => content.kind === 'llm_judge',
  )
  const questions = judged.flatMap((metric) => {
    const question = { metric: { ...metric, categories: [] }, call }
    const trigger = estimateTrigger(question)
    return trigger === null ? [estimateQuestion(question)] : [trigger, estimateQuestion(question)]
  })
  return {
    questionCount: questions.filter(({ inputTokens }) => inputTokens > 0).length,
    inputTokens: sum(questions.map((it) => it.inputTokens)),
    outputTokens: sum(questions.map((it) => it.outputTokens)),
  }
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
