import type { Transaction } from 'kysely'
import { type Finding, skipped } from '#contract/metric-result.ts'
import { needsJudge } from '#contract/needs-judge.ts'
import { measure } from '../measures/measure.ts'
import { prepareCall } from '../measures/prepare-call.ts'
import type { EvaluationInput } from '../store/evaluation-input.ts'
import { takeSample } from '../store/metric-sampling.ts'
import type { MetricRecord } from '../store/metrics.ts'
import { findSampleRate } from '../store/projects.ts'
import type { Tables } from '../store/tables.ts'
import {
  type CurrentVersion,
  currentVersions,
  findFirstSampling,
  type NewVerdict,
} from '../store/verdicts.ts'
import { applicableMetrics, scopeOf, type WantedMetrics } from './applicable-metrics.ts'
import { withoutFoundNames } from './found-names.ts'
import { hashFor, hashInput } from './input-hash.ts'
import { toNewVerdict } from './new-verdict.ts'
import { listMetricsOnce } from './once-a-transaction.ts'

/** A rerun, and the metrics it is about. */
export type RunScope = { id: number; wanted: WantedMetrics }

/** What is known at once, and the metrics that a judge or a script must be asked about. */
export type EvaluationPlan = { verdicts: NewVerdict[]; pending: MetricRecord[] }

export type PlanInput = { call: EvaluationInput; run: RunScope | null; hasJudge: boolean }

/**
 * Computes what can be computed and says what is left. Without a run, only metrics whose version or input is new to the
 * call; a run finds out everything again.
 */
export async function planEvaluation(
  trx: Transaction<Tables>,
  { call, run, hasJudge }: PlanInput,
): Promise<EvaluationPlan> {
  const metrics = await listMetricsOnce(trx, call.projectId)
  const applicable = applicableMetrics(metrics, {
    call: scopeOf(call),
    wanted: run?.wanted ?? null,
  })
  const known = await currentVersions(trx, call.id)
  const hashes = hashInput(withoutFoundNames(call, labelsOf(metrics, known)))
  const due = applicable.filter(
    (metric) =>
      run !== null ||
      isDue(metric, { current: known.get(metric.id), inputHash: hashFor(metric, hashes) }),
  )
  const computed = due.filter(({ content }) => content.kind === 'computed')
  const verdicts = computeAll(computed, call)
    .filter(({ metric, finding }) => !takesAway(finding, { call, current: known.get(metric.id) }))
    .map(({ metric, finding }) =>
      toNewVerdict(finding, { metric, inputHash: hashes.measured, runId: run?.id ?? null }),
    )
  const asked = due.filter(({ content }) => isAskable(content, hasJudge))
  // Nobody can judge words that are not there.
  if (call.transcriptState !== 'ready') return { verdicts, pending: [] }
  if (run) return { verdicts, pending: asked }
  const sampled = await sample(trx, { callId: call.id, metrics: asked, known })
  return { verdicts: [...verdicts, ...sampled.verdicts], pending: sampled.pending }
}

type Known = ReadonlyMap<number, CurrentVersion>

function labelsOf(metrics: readonly MetricRecord[], known: Known): Map<string, string | null> {
  return new Map(metrics.map(({ id, code }) => [code, known.get(id)?.valueText ?? null]))
}

/** A call whose words and sound were removed keeps what was found while they were there. */
function takesAway(
  finding: Finding,
  { call, current }: { call: EvaluationInput; current: CurrentVersion | undefined },
): boolean {
  const isGone = call.transcriptState === 'none' && finding.state === 'skipped'
  return isGone && current?.state === 'scored'
}

function isDue(
  { version }: MetricRecord,
  { current, inputHash }: { current: CurrentVersion | undefined; inputHash: string },
): boolean {
  if (!current) return true
  // A result that came with the call is not paid for again unless a person asks.
  if (current.metricVersion === null) return false
  if (current.state === 'failed') return true
  return current.metricVersion !== version || current.inputHash !== inputHash
}

function isAskable(content: MetricRecord['content'], hasJudge: boolean): boolean {
  if (content.kind !== 'custom_code' && content.kind !== 'llm_judge') return false
  return hasJudge || !needsJudge(content)
}

function computeAll(
  metrics: readonly MetricRecord[],
  call: EvaluationInput,
): { metric: MetricRecord; finding: Finding }[] {
  if (metrics.length === 0) return []
  const prepared = prepareCall(call)
  return metrics.map((metric) => {
    const { functionName, configuration } = metric.content
    return { metric, finding: measure(functionName ?? '', { call: prepared, configuration }) }
  })
}

/**
 * Leaves out sampled metrics that this call is not one for. What was decided is kept, so that the recording that comes
 * later does not count the call again; a rerun is no arrival and is never sampled.
 */
async function sample(
  trx: Transaction<Tables>,
  { callId, metrics, known }: { callId: number; metrics: readonly MetricRecord[]; known: Known },
): Promise<EvaluationPlan> {
  const verdicts: NewVerdict[] = []
  const pending: MetricRecord[] = []
  for (const metric of metrics) {
    const decided = known.get(metric.id)
    if (!metric.isSampled) {
      pending.push(metric)
    } else if (decided) {
      if (decided.skipReason !== 'sampling') pending.push(metric)
    } else {
      const isTaken = await isSampleTaken(trx, { callId, metric })
      if (isTaken) pending.push(metric)
      verdicts.push(placeholder(metric, isTaken ? WAITS : SAMPLED_OUT))
    }
  }
  return { verdicts, pending }
}

/** Once a call: other words of the same call find the decision made. */
async function isSampleTaken(
  trx: Transaction<Tables>,
  { callId, metric }: { callId: number; metric: MetricRecord },
): Promise<boolean> {
  const first = await findFirstSampling(trx, { callId, metricId: metric.id })
  if (first !== null) return first === 'taken'
  const rate = await findSampleRate(trx, metric.projectId)
  return takeSample(trx, { metricId: metric.id, rate })
}

const WAITS = skipped('not-judged', 'Waits to be judged.')
const SAMPLED_OUT = skipped('sampling', 'Sampling skipped')

/** Without a hash, so that it is never taken for a result on the same input. */
function placeholder(metric: MetricRecord, finding: Finding): NewVerdict {
  return toNewVerdict(finding, { metric, inputHash: '', runId: null })
}
