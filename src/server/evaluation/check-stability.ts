import type { StabilityCheck } from '#contract/evaluation-run.ts'
import { enqueueStabilityCheck, type JobPayloads } from '../queue/job-kinds.ts'
import { findCallIdentity } from '../store/calls.ts'
import { findEvaluationInput } from '../store/evaluation-input.ts'
import { findMetric, type MetricRecord } from '../store/metrics.ts'
import {
  addStabilityAnswer,
  findStabilityCheck,
  insertStabilityCheck,
  setStabilityState,
} from '../store/stability-checks.ts'
import { listCurrentVerdicts } from '../store/verdicts.ts'
import { judgeOne } from './judge-one.ts'
import type { JudgeTools } from './judge-tools.ts'
import { toVerdict } from './to-verdict.ts'

export type StartedCheck =
  | { kind: 'started'; check: StabilityCheck }
  | { kind: 'not-found'; what: 'Call' | 'Metric' }
  | { kind: 'no-judge' }
  /** Only what a judge says can change when it is asked again. */
  | { kind: 'not-judged' }

type Start = { callId: number; projectId: number; metricId: number; times: number }

/** Begins to judge one call many times by one metric; the job does it. */
export async function startStabilityCheck(
  { database, judge, clock }: JudgeTools,
  { callId, projectId, metricId, times }: Start,
): Promise<StartedCheck> {
  const call = await findCallIdentity(database.reader, { id: callId, projectId })
  if (call === null) return { kind: 'not-found', what: 'Call' }
  const metric = await findMetric(database.reader, { id: metricId, projectId })
  if (metric === null || metric.deletedAt !== null) return { kind: 'not-found', what: 'Metric' }
  if (metric.content.kind !== 'llm_judge') return { kind: 'not-judged' }
  if (judge === null) return { kind: 'no-judge' }
  const now = clock()
  const check = await database.transaction(async (trx) => {
    const metricVersion = metric.version
    const started = await insertStabilityCheck(trx, { callId, metricId, metricVersion, times, now })
    await enqueueStabilityCheck(trx, { checkId: started.id, now })
    return started
  })
  return { kind: 'started', check }
}

/**
 * The job: asks until the check has its answers, one at a time, each kept at once, so that a crash repeats at most one.
 * No answer is stored or taken from those that are: what is tested is the judge itself.
 */
export async function checkStability(
  tools: JudgeTools,
  { checkId }: JobPayloads['check-stability'],
  signal: AbortSignal,
): Promise<void> {
  const { database, clock } = tools
  for (;;) {
    signal.throwIfAborted()
    const check = await findStabilityCheck(database.writer, { id: checkId, projectId: null })
    if (check?.state !== 'running') return
    if (check.answers.length >= check.times) {
      await database.transaction((trx) =>
        setStabilityState(trx, { id: checkId, state: 'done', errorMessage: null }),
      )
      return
    }
    const call = await findEvaluationInput(database.reader, check.callId)
    const metric = await findMetric(database.reader, { id: check.metricId, projectId: null })
    if (call === null || metric === null) return
    const errorMessage = whyNotFurther(tools, { check, metric })
    if (errorMessage !== null) {
      await database.transaction((trx) =>
        setStabilityState(trx, { id: checkId, state: 'failed', errorMessage }),
      )
      return
    }
    const stored = (await listCurrentVerdicts(database.reader, [call.id])).get(call.id) ?? []
    const results = new Map(stored.map((it) => [it.name, it]))
    const judged = await judgeOne(tools, { metric, call, results, signal, asking: 'anew' })
    const answer = toVerdict(judged, { now: clock() })
    await database.transaction((trx) => addStabilityAnswer(trx, { id: checkId, answer }))
  }
}

/** Answers to another question, or of nobody, would say nothing of the one that is checked. Null: it goes on. */
function whyNotFurther(
  { judge }: JudgeTools,
  { check, metric }: { check: StabilityCheck; metric: MetricRecord },
): string | null {
  if (judge === null) return 'There is no judge any more: set JUDGE_URL and JUDGE_MODEL.'
  if (metric.version === check.metricVersion) return null
  return `The metric was changed while it was checked: from version ${check.metricVersion} to ${metric.version}. Check it again.`
}
