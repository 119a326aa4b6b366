import type { MetricContent } from '#contract/metric.ts'
import { topScore } from '#contract/metric-result.ts'
import type { ExpectedValue } from '#contract/review.ts'
import { show } from '#contract/wire/observe.ts'

type Scale = Pick<MetricContent, 'evalType' | 'range' | 'enumValues'>

/** What keeps a value from being an answer of a metric, in words; null if nothing does. */
export function findValueIssue(
  { evalType, range, enumValues }: Scale,
  value: ExpectedValue,
): string | null {
  const got = `got ${show(value)}.`
  switch (evalType) {
    case 'binary':
      return typeof value === 'boolean' ? null : `Expected true or false, ${got}`
    case 'rating':
    case 'numeric': {
      const top = topScore({ evalType, max: range?.max })
      const bounds = range ?? (top === null ? null : { min: 0, max: top })
      if (typeof value !== 'number') return `Expected a number, ${got}`
      if (bounds === null || (value >= bounds.min && value <= bounds.max)) return null
      return `Expected a number from ${bounds.min} to ${bounds.max}, ${got}`
    }
    case 'enum':
      if (typeof value !== 'string' || value === '') return `Expected a label, ${got}`
      // Labels of some metrics come from elsewhere, such as the agent's topics.
      if (enumValues.length === 0 || enumValues.includes(value)) return null
      return `Expected one of ${enumValues.map(show).join(', ')}; ${got}`
    default:
      return evalType satisfies never
  }
}

/** What clients of the wire send for an answer: numbers and yes or no also as text, yes and no also as 5 and 0. */
export function toAnswer(
  { evalType }: Pick<Scale, 'evalType'>,
  given: ExpectedValue,
): ExpectedValue {
  if (evalType === 'binary') return YES_NO.get(String(given).trim().toLowerCase()) ?? given
  if (evalType === 'enum' || typeof given !== 'string' || given.trim() === '') return given
  const number = Number(given)
  return Number.isFinite(number) ? number : given
}

const YES_NO = new Map([
  ...['true', 'yes', '5', '1'].map((text) => [text, true] as const),
  ...['false', 'no', '0'].map((text) => [text, false] as const),
])
