import type { Transaction } from 'kysely'
import type { EvaluationInput, EvaluationScope } from '../store/evaluation-input.ts'
import { listMetricRecords, type MetricRecord } from '../store/metrics.ts'
import type { Tables } from '../store/tables.ts'

/** Which metrics a rerun named; null: all that are on. */
export type WantedMetrics = readonly number[] | null

/**
 * The metrics that judge a call: those that are on, for its agent, and that the sender asked for if he named any. What
 * a person names is judged also where it is off, or not what the sender asked for.
 */
export function applicableMetrics(
  metrics: readonly MetricRecord[],
  { call, wanted }: { call: EvaluationScope; wanted: WantedMetrics },
): MetricRecord[] {
  return metrics.filter((metric) => {
    if (metric.content.kind === 'recorded') return false
    if (wanted !== null) return wanted.includes(metric.id)
    const isForAgent =
      metric.agentIds.length === 0 ||
      (call.agentId !== null && metric.agentIds.includes(call.agentId))
    const isAsked = call.metricIds === null || call.metricIds.includes(metric.id)
    return metric.isEnabled && isForAgent && isAsked
  })
}

/** Metrics by transaction: a batch of calls judged in one transaction reads the definitions once. */
const loaded = new WeakMap<Transaction<Tables>, Map<number, Promise<MetricRecord[]>>>()

/** The live metrics of a project, read once a transaction, which must not change them itself. */
export function listMetricsOnce(
  trx: Transaction<Tables>,
  projectId: number,
): Promise<MetricRecord[]> {
  const known = loaded.get(trx) ?? new Map<number, Promise<MetricRecord[]>>()
  loaded.set(trx, known)
  const metrics = known.get(projectId) ?? listMetricRecords(trx, projectId)
  known.set(projectId, metrics)
  return metrics
}

/** What decides which metrics judge a call that was read as a whole. */
export function scopeOf({ agent, metricIds }: EvaluationInput): EvaluationScope {
  return { agentId: agent?.id ?? null, metricIds }
}
