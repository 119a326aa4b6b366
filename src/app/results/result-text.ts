import type { MetricResult, SkipReason } from '#contract/metric-result.ts'

export type ResultValue = Pick<
  MetricResult,
  'state' | 'evalType' | 'unit' | 'maxScore' | 'score' | 'valueText'
>

/** A result in its unit: `Yes`, `4 of 5`, `1,240 ms`, `billing`; a dash where there is none. */
export function resultText({
  state,
  evalType,
  unit,
  maxScore,
  score,
  valueText,
}: ResultValue): string {
  if (state === 'failed') return 'Error'
  if (state === 'skipped') return NO_VALUE
  if (evalType === 'enum') return valueText ?? NO_VALUE
  if (score === null) return NO_VALUE
  if (evalType === 'binary') return score > 0 ? 'Yes' : 'No'
  if (evalType === 'rating' && maxScore !== null) {
    return `${formatScore(score)} of ${formatScore(maxScore)}`
  }
  return `${formatScore(score)} ${unit}`.trim()
}

const NO_VALUE = '–'

const DECIMALS = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })
const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** At most two decimals, none from 100 on: a reader compares, and nobody hears a tenth of a millisecond. */
export function formatScore(score: number): string {
  return (Math.abs(score) >= 100 ? WHOLE : DECIMALS).format(score)
}

const SKIP_WORDS: Record<SkipReason, string> = {
  sampling: 'Not in the sample',
  trigger: 'Does not apply',
  'no-judge': 'Needs a judge',
  'no-input': 'Nothing to look at',
  'not-configured': 'Not set up',
  'not-judged': 'Not judged yet',
}

/** Why there is no result, in few words. */
export function skipText(reason: SkipReason | null): string {
  return reason === null ? 'Skipped' : SKIP_WORDS[reason]
}
