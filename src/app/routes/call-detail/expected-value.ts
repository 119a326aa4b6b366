import type { Metric } from '#contract/metric.ts'
import type { Verdict } from '#contract/metric-result.ts'
import type { ExpectedValue, MetricVote } from '#contract/review.ts'
import { resultText } from '../../results/result-text.ts'

/** How a person says what a result should have been. `min` and `max` are undefined where there is no bound. */
export type ExpectedQuestion =
  | { kind: 'yes-no' }
  | { kind: 'number'; unit: string; min?: number; max?: number }
  | { kind: 'label'; labels: readonly string[] }
  /** A label of a list that is kept elsewhere, such as the agent's topics. */
  | { kind: 'any-label' }

/** `metric` null: not known, so its range and labels are not either. */
export function expectedQuestion(verdict: Verdict, metric: Metric | null): ExpectedQuestion {
  const { evalType, unit, maxScore } = verdict
  if (evalType === 'binary') return { kind: 'yes-no' }
  if (evalType === 'enum') {
    const labels = metric?.content.enumValues ?? []
    return labels.length > 0 ? { kind: 'label', labels } : { kind: 'any-label' }
  }
  const range = metric?.content.range
  if (range) return { kind: 'number', unit, min: range.min, max: range.max }
  return { kind: 'number', unit, ...(maxScore !== null && { min: 0, max: maxScore }) }
}

/** What a form starts with: one's own earlier answer; of yes and no, else the one that was not said. */
export function firstExpected(verdict: Verdict, own: MetricVote | null): ExpectedValue | null {
  if (own?.agrees === false) return own.expectedValue
  if (verdict.evalType !== 'binary' || verdict.score === null) return null
  return verdict.score === 0
}

/** An expected value as the metric's results read: `Yes`, `4 of 5`, `1,240 ms`, `billing`. */
export function expectedText(value: ExpectedValue, verdict: Verdict): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (typeof value === 'string') return value
  return resultText({ ...verdict, state: 'scored', score: value })
}
