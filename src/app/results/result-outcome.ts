import type { MetricResult } from '#contract/metric-result.ts'

/** How a result is to be read. `neutral`: a value that is neither good nor bad by itself. `broken`: the metric failed to run. */
export type ResultOutcome = 'passed' | 'failed' | 'neutral' | 'skipped' | 'broken'

export function outcomeOf({
  state,
  passed,
}: Pick<MetricResult, 'state' | 'passed'>): ResultOutcome {
  if (state === 'skipped') return 'skipped'
  if (state === 'failed') return 'broken'
  if (passed === null) return 'neutral'
  return passed ? 'passed' : 'failed'
}
