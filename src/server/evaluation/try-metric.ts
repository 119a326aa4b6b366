import type { MetricContent } from '#contract/metric.ts'
import type { Verdict } from '#contract/metric-result.ts'
import { UNASKED } from '../judge/judged-call.ts'
import { measure } from '../measures/measure.ts'
import { prepareCall } from '../measures/prepare-call.ts'
import { findCallIdentity } from '../store/calls.ts'
import { type EvaluationInput, findEvaluationInput } from '../store/evaluation-input.ts'
import { findMetric, type MetricRecord } from '../store/metrics.ts'
import { listCurrentVerdicts } from '../store/verdicts.ts'
import { judgeOne } from './judge-one.ts'
import type { Judged, JudgeTools } from './judge-tools.ts'
import { toVerdict } from './to-verdict.ts'

export type MetricTrial = {
  callId: number
  projectId: number
  /** Null: a metric that is not kept yet. */
  metricId: number | null
  name: string
  content: MetricContent
  signal: AbortSignal
}

/** What a metric would say of a call, kept nowhere, beside what counts now. Null: no such call or metric. */
export async function tryMetric(
  tools: JudgeTools,
  trial: MetricTrial,
): Promise<{ tried: Verdict; current: Verdict | null } | null> {
  const { callId, projectId, metricId, signal } = trial
  const { reader } = tools.database
  if ((await findCallIdentity(reader, { id: callId, projectId })) === null) return null
  const known = metricId === null ? null : await findMetric(reader, { id: metricId, projectId })
  if (metricId !== null && known === null) return null
  const call = await findEvaluationInput(reader, callId)
  if (call === null) return null
  const stored = (await listCurrentVerdicts(reader, [callId])).get(callId) ?? []
  const metric = toDraft(trial, known)
  const results = new Map(stored.map((it) => [it.name, it]))
  const judged =
    metric.content.kind === 'computed'
      ? computeDraft(metric, call)
      : await judgeOne(tools, { metric, call, results, signal })
  const current = stored.find((it) => it.metricId === metricId) ?? null
  return { tried: toVerdict(judged, { now: null }), current }
}

function computeDraft(metric: MetricRecord, call: EvaluationInput): Judged {
  const { functionName, configuration } = metric.content
  const finding = measure(functionName ?? '', { call: prepareCall(call), configuration })
  return { metric, finding, ...UNASKED, deviations: [] }
}

/** Id and version of no stored metric: an answer to a draft must not pass for one of the metric itself. */
function toDraft(
  { projectId, name, content }: MetricTrial,
  known: MetricRecord | null,
): MetricRecord {
  return {
    id: known?.id ?? 0,
    projectId,
    code: known?.code ?? '',
    slug: known?.slug ?? '',
    version: 0,
    content,
    name,
    direction: 'neutral',
    category: null,
    isEnabled: true,
    isSampled: false,
    agentIds: [],
    isPredefined: known?.isPredefined ?? false,
    inputs: [],
    wireType: '',
    createdAt: '',
    updatedAt: '',
    deletedAt: null,
  }
}
