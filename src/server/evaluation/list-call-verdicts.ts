import type { JudgeSetting } from '#contract/metric.ts'
import { type Finding, skipped, type Verdict } from '#contract/metric-result.ts'
import { needsJudge } from '#contract/needs-judge.ts'
import type { RubricOutcome } from '#contract/rubric.ts'
import type { Database } from '../store/database.ts'
import { listEvaluationScopes } from '../store/evaluation-input.ts'
import { listMetricRecords, type MetricRecord } from '../store/metrics.ts'
import { findRubricOutcome } from '../store/rubrics.ts'
import { listCurrentVerdicts } from '../store/verdicts.ts'
import { applicableMetrics } from './applicable-metrics.ts'
import { NO_JUDGE } from './judge-tools.ts'
import { toBareVerdict } from './to-verdict.ts'

export type CallVerdicts = { items: Verdict[]; rubric: RubricOutcome | null }

/** Everything that metrics say of a call, in the order of the metrics. Null: no such call in the project. */
export async function listCallVerdicts(
  database: Database,
  {
    callId,
    projectId,
    judge,
  }: { callId: number; projectId: number; judge: Pick<JudgeSetting, 'isConfigured'> },
): Promise<CallVerdicts | null> {
  const scopes = await listEvaluationScopes(database.reader, { callIds: [callId], projectId })
  const scope = scopes.get(callId)
  if (scope === undefined) return null
  const metrics = await listMetricRecords(database.reader, projectId)
  const stored = (await listCurrentVerdicts(database.reader, [callId])).get(callId) ?? []
  const applicable = applicableMetrics(metrics, { call: scope, wanted: null })
  const items = completeVerdicts({ metrics: applicable, stored, judge })
  return { items, rubric: await findRubricOutcome(database.reader, callId) }
}

/**
 * The stored results of a call, and for each metric that should have judged it and has not an entry that says why.
 * Nothing is stored of these: what is missing may be there the moment a judge is configured or the call judged again.
 */
export function completeVerdicts({
  metrics,
  stored,
  judge,
}: {
  metrics: readonly MetricRecord[]
  stored: readonly Verdict[]
  judge: Pick<JudgeSetting, 'isConfigured'>
}): Verdict[] {
  const present = new Set(stored.map(({ metricId }) => metricId))
  const missing = metrics.filter(({ id }) => !present.has(id))
  const derived = missing.map((metric) => toBareVerdict(metric, reasonFor(metric, judge)))
  return [...stored, ...derived].sort((a, b) => a.metricId - b.metricId)
}

function reasonFor(
  { content }: MetricRecord,
  { isConfigured }: Pick<JudgeSetting, 'isConfigured'>,
): Finding {
  if (needsJudge(content) && !isConfigured) return NO_JUDGE
  return skipped('not-judged', 'Not judged by this metric yet. Rerun the call to judge it.')
}
