import type { Metric } from '#contract/metric.ts'
import type { Verdict } from '#contract/metric-result.ts'
import { needsJudge } from '#contract/needs-judge.ts'

type RunnableMetric = Pick<Metric, 'id'> & { content: Pick<Metric['content'], 'kind' | 'trigger'> }

/** Whether a rerun can give another result: nobody can record a call again, and without a judge nobody answers. */
export function isRerunnable(
  { content }: RunnableMetric,
  { hasJudge }: { hasJudge: boolean },
): boolean {
  if (content.kind === 'recorded') return false
  return hasJudge || !needsJudge(content)
}

type FailedOptions = {
  verdicts: readonly Pick<Verdict, 'metricId' | 'state' | 'passed'>[]
  metrics: readonly RunnableMetric[]
  hasJudge: boolean
}

/** Of the metrics that said no, and of those that broke, as far as they can run again. */
export function failedMetricIds({ verdicts, metrics, hasJudge }: FailedOptions): number[] {
  const runnable = metrics.filter((metric) => isRerunnable(metric, { hasJudge }))
  const ids = new Set(runnable.map(({ id }) => id))
  return verdicts
    .filter(({ state, passed }) => state === 'failed' || passed === false)
    .map(({ metricId }) => metricId)
    .filter((id) => ids.has(id))
}
