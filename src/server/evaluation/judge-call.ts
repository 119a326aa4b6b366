import type { Transaction } from 'kysely'
import { type Finding, failed, type Verdict } from '#contract/metric-result.ts'
import { UNASKED } from '../judge/judged-call.ts'
import { enqueue, type JobPayloads } from '../queue/job-kinds.ts'
import type { WorkContext } from '../queue/worker.ts'
import { isCallOfRunOpen } from '../store/bulk-actions.ts'
import { findCallState } from '../store/calls.ts'
import { type EvaluationInput, findEvaluationInput } from '../store/evaluation-input.ts'
import { listMetricRecords, type MetricRecord } from '../store/metrics.ts'
import type { Tables } from '../store/tables.ts'
import {
  listCurrentVerdicts,
  type NewVerdict,
  recordAttempts,
  recordVerdicts,
} from '../store/verdicts.ts'
import { endWithout, findRun } from './evaluate-call.ts'
import { finishCall, type RunReport } from './finish-call.ts'
import { withoutFoundNames } from './found-names.ts'
import { hashFor, hashInput, type InputHashes } from './input-hash.ts'
import { judgeOne, type OneRequest } from './judge-one.ts'
import type { Judged, JudgeTools } from './judge-tools.ts'
import { keepCategories } from './keep-categories.ts'
import { toNewVerdict } from './new-verdict.ts'

/**
 * The job: asks the judge and runs the scripts, then keeps all they found and decides the outcome in one transaction,
 * which also ends the job. Cut off before that, it is done again: answers that were paid for are stored.
 */
export async function judgeCall(
  tools: JudgeTools,
  payload: JobPayloads['judge-call'],
  { signal, complete }: WorkContext,
): Promise<void> {
  const { database } = tools
  const { callId, runId } = payload
  const asked = await readCall(tools, callId)
  const found = asked && (await judgeWhileWanted(tools, { ...asked, payload, signal }))
  await database.sharedTransaction(async (trx) => {
    if (!(await complete(trx))) return
    const now = tools.clock()
    const run = runId === undefined ? null : await findRun(trx, { runId, callId })
    // It was opened to be judged: what is known decides it again.
    if (run === 'closed') return finishCall(trx, { callId, run: null, now })
    if (asked === null || (await findCallState(trx, callId)) === null) {
      if (run !== null) await endWithout(trx, { runId: run.id, callId, now })
      return
    }
    // The run was given up when it was asked, and goes on by now.
    if (found === null) return enqueue(trx, { kind: 'judge-call', payload, now })
    // Of what was judged, not of what the call may have become since: then it is judged again.
    const origin = { hashes: hashInput(asked.call), runId: run?.id ?? null }
    await keepFindings(trx, { callId, found, origin, now })
    await finishCall(trx, { callId, run: run && report(run.id, found), now })
  })
}

type Asked = { call: EvaluationInput; results: readonly Verdict[] }

/** A call as its sender gave it, with what metrics say of it by now. */
async function readCall({ database }: JudgeTools, callId: number): Promise<Asked | null> {
  const call = await findEvaluationInput(database.reader, callId)
  if (call === null) return null
  const results = (await listCurrentVerdicts(database.reader, [callId])).get(callId) ?? []
  const labels = new Map(results.map(({ code, valueText }) => [code, valueText]))
  return { call: withoutFoundNames(call, labels), results }
}

type Kept = {
  callId: number
  found: readonly Judged[]
  origin: { hashes: InputHashes; runId: number | null }
  now: number
}

/** A try that failed is kept too, and does not take away a result that stands. */
async function keepFindings(
  trx: Transaction<Tables>,
  { callId, found, origin: { hashes, runId }, now }: Kept,
): Promise<void> {
  const current = (await listCurrentVerdicts(trx, [callId])).get(callId) ?? []
  const standing = new Set(
    current.flatMap(({ state, metricId }) => (state === 'scored' ? [metricId] : [])),
  )
  // What needs a judge and has none is due again once there is one.
  const known = found.filter(({ finding }) => finding.skipReason !== 'no-judge')
  const verdicts = (await keepCategories(trx, { found: known, now })).map(
    ({ metric, finding, usage, tookMs }) => {
      const inputHash = hashFor(metric, hashes)
      return toNewVerdict(finding, { metric, inputHash, runId, usage, tookMs })
    },
  )
  const isLoss = ({ state, metricId }: NewVerdict) => state === 'failed' && standing.has(metricId)
  const counting = verdicts.filter((verdict) => !isLoss(verdict))
  await recordVerdicts(trx, { callId, verdicts: counting, now })
  await recordAttempts(trx, { callId, verdicts: verdicts.filter(isLoss), now })
}

const WATCH_MS = 500

/** Null where the run is cancelled, before or meanwhile: what is not answered by then need not be paid for. */
async function judgeWhileWanted(tools: JudgeTools, request: Request): Promise<Judged[] | null> {
  const { payload, signal } = request
  if (payload.runId === undefined) return judgeAll(tools, request)
  if (!(await isRunOpen(tools, payload))) return null
  const cancelled = new AbortController()
  const watch = setInterval(() => {
    isRunOpen(tools, payload).then(
      (isOpen) => isOpen || cancelled.abort(),
      // The next look tells.
      () => undefined,
    )
  }, WATCH_MS)
  try {
    return await judgeAll(tools, {
      ...request,
      signal: AbortSignal.any([signal, cancelled.signal]),
    })
  } catch (error) {
    if (cancelled.signal.aborted && !signal.aborted) return null
    throw error
  } finally {
    clearInterval(watch)
  }
}

async function isRunOpen(
  { database }: JudgeTools,
  { callId, runId }: JobPayloads['judge-call'],
): Promise<boolean> {
  return runId !== undefined && isCallOfRunOpen(database.reader, { id: runId, callId })
}

type Request = Asked & {
  payload: JobPayloads['judge-call']
  signal: AbortSignal
}

/** The judge first, its metrics side by side; scripts after it, one by one, since they may read what was found. */
async function judgeAll(tools: JudgeTools, request: Request): Promise<Judged[]> {
  const { call, payload, signal } = request
  const metrics = await listMetricRecords(tools.database.reader, call.projectId)
  const wanted = metrics.filter(({ id }) => payload.metricIds.includes(id))
  const asked = wanted.filter(({ content }) => content.kind === 'llm_judge')
  const scripts = wanted.filter(({ content }) => content.kind === 'custom_code')
  const results = new Map<string, Verdict | Finding>(request.results.map((it) => [it.name, it]))
  const judge = (metric: MetricRecord) =>
    judgeAlone(tools, { metric, call, results, signal, runId: payload.runId })
  const found = await Promise.all(asked.map(judge))
  for (const { metric, finding } of found) results.set(metric.name, finding)
  for (const metric of scripts) {
    const judged = await judge(metric)
    results.set(metric.name, judged.finding)
    found.push(judged)
  }
  return found
}

/** One metric that breaks, or a script whose thread dies, must not take the others along. */
async function judgeAlone(tools: JudgeTools, request: OneRequest): Promise<Judged> {
  try {
    return await judgeOne(tools, request)
  } catch (error) {
    request.signal.throwIfAborted()
    return broken(request.metric, error)
  }
}

function broken(metric: MetricRecord, error: unknown): Judged {
  const message = error instanceof Error ? error.message : String(error)
  const finding = failed(`This metric broke: ${message}`)
  return { metric, finding, ...UNASKED, deviations: [] }
}

function report(id: number, found: readonly Judged[]): RunReport {
  const failures = found.filter(({ finding }) => finding.state === 'failed')
  const failure = failures
    .map(({ metric, finding }) => `${metric.name}: ${finding.explanation}`)
    .join('\n')
  return { id, failure: failures.length === 0 ? null : failure }
}
