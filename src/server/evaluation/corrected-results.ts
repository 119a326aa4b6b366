import type { MetricResult } from '#contract/metric-result.ts'
import type { ExpectedValue, MetricVote } from '#contract/review.ts'

/**
 * The results of a call as people say they should have been: of each metric the newest vote counts, and changes the
 * result where it disagrees. A yes or no that is wrong is the opposite; of others it must be said what is right.
 * `votes` newest first by metric. Pure.
 */
export function correctResults(
  results: readonly MetricResult[],
  votes: readonly MetricVote[],
): MetricResult[] {
  const newest = Map.groupBy(votes, ({ metricId }) => metricId)
  return results.map((result) => {
    const [vote] = newest.get(result.metricId) ?? []
    const value = vote === undefined ? null : rightValue(result, vote)
    return value === null ? result : withValue(result, value)
  })
}

/** Null: the result stands. */
function rightValue(
  { evalType, state, passed }: MetricResult,
  { agrees, expectedValue }: MetricVote,
): ExpectedValue | null {
  if (agrees === true) return null
  if (expectedValue !== null) return expectedValue
  const isWrongYesNo = agrees === false && evalType === 'binary' && state === 'scored'
  return isWrongYesNo && passed !== null ? !passed : null
}

function withValue(result: MetricResult, value: ExpectedValue): MetricResult {
  const right = { ...result, state: 'scored', skipReason: null } as const
  const isLabel = result.evalType === 'enum'
  if (isLabel) return typeof value === 'string' ? { ...right, valueText: value } : result
  if (result.evalType !== 'binary') {
    return typeof value === 'number' ? { ...right, score: value, passed: null } : result
  }
  // Of a vote that was cast while the metric answered otherwise.
  if (typeof value !== 'boolean') return result
  return { ...right, score: value ? 5 : 0, passed: value }
}
