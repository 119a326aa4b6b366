import type { EvalType } from '#contract/metric-result.ts'
import {
  type RubricCondition,
  type RubricFinding,
  type RubricOp,
  wantedAnswer,
} from '#contract/rubric.ts'
import { formatScore } from './result-text.ts'

/** What is known of the metric that a rule looks at. */
export type RuleMetric = { evalType: EvalType; unit: string; maxScore: number | null }

/** What a condition demands of a result, before its value. */
export const OP_WORDS: Record<RubricOp, string> = {
  eq: 'is',
  neq: 'is not',
  gt: 'is above',
  gte: 'is at least',
  lt: 'is below',
  lte: 'is at most',
  in: 'is one of',
}

/** A rule's conditions for a reader: `is at most 2,000 ms and is above 0 ms`. */
export function conditionWords(
  { operator, conditions }: Pick<RubricFinding, 'operator' | 'conditions'>,
  metric: RuleMetric | null,
): string {
  return conditions.map((condition) => wordsOf(condition, metric)).join(` ${operator} `)
}

function wordsOf({ op, value }: RubricCondition, metric: RuleMetric | null): string {
  if (metric?.evalType === 'binary') {
    const wanted = wantedAnswer({ op, value })
    if (wanted !== null) return wanted ? 'is yes' : 'is no'
  }
  if (Array.isArray(value)) return `${OP_WORDS[op]} ${value.join(', ')}`
  return `${OP_WORDS[op]} ${withUnit(value, metric)}`
}

function withUnit(value: number | boolean | string, metric: RuleMetric | null): string {
  if (typeof value !== 'number') return String(value)
  return `${formatScore(value)} ${metric?.unit ?? ''}`.trim()
}

/** The value that a rule looked at: `1,240 ms`, `no`, `billing`; null where there was none. */
export function actualWords(
  actual: RubricFinding['actual'],
  metric: RuleMetric | null,
): string | null {
  if (actual === null) return null
  if (typeof actual === 'string') return actual
  if (metric?.evalType === 'binary') return actual > 0 ? 'yes' : 'no'
  if (metric?.evalType === 'rating' && metric.maxScore !== null) {
    return `${formatScore(actual)} of ${formatScore(metric.maxScore)}`
  }
  return withUnit(actual, metric)
}
