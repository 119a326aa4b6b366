import { z } from 'zod'
import type { Metric, MetricContent } from './metric.ts'
import { type MetricResult, topScore } from './metric-result.ts'

/** Source: Cekura API, `rubric_config`. */
export const RubricOp = z.enum(['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'in'])
export type RubricOp = z.infer<typeof RubricOp>

const RubricValue = z.union([
  z.number(),
  z.boolean(),
  z.string().max(200),
  z.array(z.string().max(200)).min(1).max(100),
])

/** `score` of numbers, ratings and yes / no (5 and 0, or true and false); `enum` of labels. */
export const RubricCondition = z.object({
  field: z.enum(['score', 'enum']),
  op: RubricOp,
  value: RubricValue,
})
export type RubricCondition = z.infer<typeof RubricCondition>

const Logic = z.enum(['and', 'or'])

export const RubricRule = z.object({
  metricId: z.int(),
  operator: Logic,
  conditions: z.array(RubricCondition).min(1).max(20),
})
export type RubricRule = z.infer<typeof RubricRule>

/** Which results make a call succeed. Without rules nothing is decided. Source: Cekura API, rubric. */
export const Rubric = z.object({ logic: Logic, rules: z.array(RubricRule).max(100) })
export type Rubric = z.infer<typeof Rubric>

export const EMPTY_RUBRIC: Rubric = { logic: 'and', rules: [] }

/** One rule as it came out on a call. */
export const RubricFinding = z.object({
  metricId: z.int(),
  metricName: z.string(),
  operator: Logic,
  conditions: z.array(RubricCondition),
  /** The result that was looked at; null where there was none. */
  actual: z.union([z.number(), z.string(), z.null()]),
  explanation: z.string(),
  /** Null: skipped, because the metric has no result on this call. */
  passed: z.boolean().nullable(),
})
export type RubricFinding = z.infer<typeof RubricFinding>

/** What the rubric said of a call; `success` null where every rule was skipped or there is none. */
export const RubricOutcome = z.object({
  logic: Logic,
  success: z.boolean().nullable(),
  findings: z.array(RubricFinding),
})
export type RubricOutcome = z.infer<typeof RubricOutcome>

type RubricMetric = Pick<Metric, 'id' | 'name'> & {
  content: Pick<MetricContent, 'evalType' | 'range'>
}

/**
 * Applies a rubric to the current results of a call. A rule whose metric has no scored result is skipped, as
 * is one whose result is on another scale than the metric has now: the rule means the present one. With nothing but
 * skipped rules nothing is decided. A rule whose metric broke could have turned out either way: the others decide only
 * where it makes no difference. `metrics` are those of the project.
 */
export function applyRubric(
  rubric: Rubric,
  { results, metrics }: { results: readonly MetricResult[]; metrics: readonly RubricMetric[] },
): RubricOutcome {
  const byMetric = new Map(results.map((result) => [result.metricId, result]))
  const present = new Map(metrics.map((metric) => [metric.id, metric]))
  const findings = rubric.rules.map((rule) => {
    const result = byMetric.get(rule.metricId)
    const metric = present.get(rule.metricId)
    const name = result?.name ?? metric?.name ?? `Metric ${rule.metricId}`
    if (result && metric && !isOnPresentScale(result, metric)) {
      return { ...judgeRule(rule, { name, result: undefined }), explanation: OLD_SCALE }
    }
    return judgeRule(rule, { name, result })
  })
  const broken = rubric.rules.filter(({ metricId }) => byMetric.get(metricId)?.state === 'failed')
  const decided = findings.flatMap(({ passed }) => (passed === null ? [] : [passed]))
  const success = combine(rubric.logic, { decided, brokenCount: broken.length })
  return { logic: rubric.logic, success, findings }
}

function isOnPresentScale(
  { evalType, maxScore }: MetricResult,
  { content }: RubricMetric,
): boolean {
  const { evalType: presentType, range } = content
  return (
    evalType === presentType && maxScore === topScore({ evalType: presentType, max: range?.max })
  )
}

const OLD_SCALE = 'The result is on a scale that the metric no longer has.'

function judgeRule(
  { metricId, operator, conditions }: RubricRule,
  { name, result }: { name: string; result: MetricResult | undefined },
): RubricFinding {
  const finding = { metricId, metricName: name, operator, conditions }
  const actual = result && actualOf(result)
  if (!result || actual === undefined || actual === null) {
    return { ...finding, actual: null, explanation: result?.explanation ?? '', passed: null }
  }
  const holds = (condition: RubricCondition) => holdsFor(condition, actual)
  const passed = operator === 'and' ? conditions.every(holds) : conditions.some(holds)
  return { ...finding, actual, explanation: result.explanation, passed }
}

function actualOf({ state, evalType, score, valueText }: MetricResult): number | string | null {
  if (state !== 'scored') return null
  return evalType === 'enum' ? valueText : score
}

/** `value` null: it is still missing. */
type Asking = Pick<RubricCondition, 'op'> & { value: RubricCondition['value'] | null }

/** What a condition on yes and no asks for; null where both answers meet it, or none. */
export function wantedAnswer(condition: Asking): boolean | null {
  const yes = holdsFor(condition, YES)
  return yes === holdsFor(condition, NO) ? null : yes
}

const YES = 5
const NO = 0

/** Yes and no are 5 and 0 on the wire; older rules say so, newer ones true and false. */
function toComparable(value: unknown): unknown {
  if (value === true || value === 'true') return YES
  if (value === false || value === 'false') return NO
  return value
}

function holdsFor({ op, value }: Asking, actual: number | string): boolean {
  if (op === 'in') return Array.isArray(value) ? value.includes(String(actual)) : value === actual
  const wanted = typeof actual === 'number' ? toNumber(toComparable(value)) : value
  if (op === 'eq') return actual === wanted
  if (op === 'neq') return actual !== wanted
  if (typeof wanted !== 'number' || typeof actual !== 'number') return false
  if (op === 'gt') return actual > wanted
  if (op === 'gte') return actual >= wanted
  if (op === 'lt') return actual < wanted
  return actual <= wanted
}

function toNumber(value: unknown): unknown {
  if (typeof value !== 'string' || value.trim() === '') return value
  const number = Number(value)
  return Number.isNaN(number) ? value : number
}

function combine(
  logic: Rubric['logic'],
  { decided, brokenCount }: { decided: readonly boolean[]; brokenCount: number },
): boolean | null {
  // In `and` one false is enough, in `or` one true.
  const decisive = logic === 'or'
  if (decided.includes(decisive)) return decisive
  return brokenCount > 0 || decided.length === 0 ? null : !decisive
}

/** A condition as the wire words it: `score gte 5`. */
export function conditionText({ field, op, value }: RubricCondition): string {
  return `${field} ${op} ${Array.isArray(value) ? value.join(', ') : String(value)}`
}
