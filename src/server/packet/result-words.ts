import type { CallStatus } from '#contract/call.ts'
import type { Verdict } from '#contract/metric-result.ts'
import type { RubricCondition, RubricFinding, RubricOp } from '#contract/rubric.ts'

/** How something came out, as colour and word. */
export type Outcome = { tone: 'pass' | 'fail' | 'idle'; word: string }

const CLOCK = new Intl.NumberFormat('en', { minimumIntegerDigits: 2 })

/** `0:07`, `12:05`, `1:02:03`: seconds as a clock, cut to whole seconds. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return hours > 0
    ? `${hours}:${CLOCK.format(minutes)}:${CLOCK.format(rest)}`
    : `${minutes}:${CLOCK.format(rest)}`
}

/** `2026-03-01 14:05:09 UTC`, the same for every reader. */
export function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
}

const STATUS: Record<CallStatus, Outcome> = {
  evaluating: { tone: 'idle', word: 'Evaluating' },
  success: { tone: 'pass', word: 'Success' },
  failure: { tone: 'fail', word: 'Failure' },
  reviewed_success: { tone: 'pass', word: 'Reviewed: success' },
  reviewed_failure: { tone: 'fail', word: 'Reviewed: failure' },
}

/** A call that nothing has decided is no success. */
export function callOutcome({
  status,
  isJudged,
  isReviewed,
}: {
  status: CallStatus
  isJudged: boolean
  isReviewed: boolean
}): Outcome {
  const isDecided = isJudged || isReviewed || status === 'evaluating'
  return isDecided ? STATUS[status] : { tone: 'idle', word: 'Not evaluated' }
}

export function passOutcome(passed: boolean | null, undecided: string): Outcome {
  if (passed === null) return { tone: 'idle', word: undecided }
  return passed ? { tone: 'pass', word: 'Passed' } : { tone: 'fail', word: 'Failed' }
}

/** A result in its unit: `Yes`, `4 of 5`, `1,240 ms`, `billing`; `Error`, or `No result` where there is none. */
export function verdictValue({
  state,
  evalType,
  unit,
  maxScore,
  score,
  valueText,
}: Verdict): string {
  if (state === 'failed') return 'Error'
  if (state === 'skipped') return NO_RESULT
  if (evalType === 'enum') return valueText ?? NO_RESULT
  if (score === null) return NO_RESULT
  if (evalType === 'binary') return score > 0 ? 'Yes' : 'No'
  if (evalType === 'rating' && maxScore !== null) return `${number(score)} of ${number(maxScore)}`
  return `${number(score)} ${unit}`.trim()
}

const NO_RESULT = 'No result'
const DECIMALS = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })

const number = (value: number) => DECIMALS.format(value)

const OP_WORDS: Record<RubricOp, string> = {
  eq: 'is',
  neq: 'is not',
  gt: 'is above',
  gte: 'is at least',
  lt: 'is below',
  lte: 'is at most',
  in: 'is one of',
}

/** A rule's conditions for a reader: `is at most 2,000 and is above 0`. */
export function conditionWords({
  operator,
  conditions,
}: Pick<RubricFinding, 'operator' | 'conditions'>): string {
  return conditions
    .map(({ op, value }) => `${OP_WORDS[op]} ${valueWords(value)}`)
    .join(` ${operator} `)
}

function valueWords(value: RubricCondition['value']): string {
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'number' ? number(value) : String(value)
}

/** `412 KB`: a size in thousands of bytes. */
export function sizeWords(sizeBytes: number): string {
  if (sizeBytes < 1000) return `${sizeBytes} B`
  if (sizeBytes < 1_000_000) return `${number(Math.round(sizeBytes / 1000))} KB`
  return `${number(Math.round(sizeBytes / 100_000) / 10)} MB`
}
