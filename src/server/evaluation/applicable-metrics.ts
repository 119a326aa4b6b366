import type { EvaluationInput, EvaluationScope } from '../store/evaluation-input.ts'
import type { MetricRecord } from '../store/metrics.ts'

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

/** What decides which metrics judge a call that was read as a whole. */
export function scopeOf({ agent, metricIds }: EvaluationInput): EvaluationScope {
  return { agentId: agent?.id ?? null, metricIds }
}
