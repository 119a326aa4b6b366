import type { Metric } from '#contract/metric.ts'
import type { Rubric, RubricCondition, RubricRule } from '#contract/rubric.ts'

/**
 * What is wrong with a rubric, each by its place; empty if every rule fits the metric that it is about. A rule of `kept`
 * may be about a metric that was deleted since: it is skipped on every call, and fits again once the metric is restored.
 */
export function checkRubric(
  { rules }: Rubric,
  { metrics, kept }: { metrics: readonly Metric[]; kept: Rubric },
): string[] {
  const byId = new Map(metrics.map((metric) => [metric.id, metric]))
  const keptIds = new Set(kept.rules.map(({ metricId }) => metricId))
  return rules.flatMap((rule, index) => {
    const metric = byId.get(rule.metricId)
    if (metric === undefined && keptIds.has(rule.metricId)) return []
    return checkRule(rule, metric).map((message) => `${index}.${message}`)
  })
}

function checkRule({ metricId, conditions }: RubricRule, metric: Metric | undefined): string[] {
  if (metric === undefined) {
    return [
      `metricId: expected a metric of the project, got ${metricId}, which is deleted or was never there`,
    ]
  }
  return conditions.flatMap((condition, index) => {
    const message = checkCondition(condition, metric)
    return message === null ? [] : [`conditions.${index}.${message}`]
  })
}

function checkCondition(condition: RubricCondition, { name, content }: Metric): string | null {
  const { evalType, enumValues } = content
  const about = `for the ${evalType} metric "${name}"`
  const field = evalType === 'enum' ? 'enum' : 'score'
  if (condition.field !== field) {
    return `field: expected ${field} ${about}, got ${condition.field}`
  }
  if (evalType === 'enum') return checkLabelCondition(condition, { about, enumValues })
  return evalType === 'binary'
    ? checkYesNoCondition(condition, about)
    : checkNumberCondition(condition, about)
}

function checkLabelCondition(
  { op, value }: RubricCondition,
  { about, enumValues }: { about: string; enumValues: readonly string[] },
): string | null {
  if (op !== 'eq' && op !== 'neq' && op !== 'in') {
    return `op: expected eq, neq or in ${about}, got ${op}`
  }
  if (op === 'in' && !Array.isArray(value)) {
    return `value: expected a list of labels with in ${about}, got ${JSON.stringify(value)}`
  }
  if (op !== 'in' && typeof value !== 'string') {
    return `value: expected a label as text ${about}, got ${JSON.stringify(value)}`
  }
  // Of some metrics the labels are the agent's: its topics and stages.
  if (enumValues.length === 0) return null
  const labels = Array.isArray(value) ? value : [String(value)]
  const wrong = labels.find((label) => !enumValues.includes(label))
  if (wrong === undefined) return null
  return `value: expected one of ${enumValues.join(', ')} ${about}, got ${JSON.stringify(wrong)}`
}

const YES_NO_SCORES = [5, 0]

/** 5 and 0 are how older rules say yes and no. Source: Cekura API, rubric. */
function checkYesNoCondition({ op, value }: RubricCondition, about: string): string | null {
  if (op === 'in') return `op: expected eq or neq ${about}, got in`
  if ((op === 'eq' || op === 'neq') && isNumber(value) && !YES_NO_SCORES.includes(Number(value))) {
    return `value: expected true or false, or 5 or 0, ${about}, got ${JSON.stringify(value)}`
  }
  if (isYesNo(value) ? op === 'eq' || op === 'neq' : isNumber(value)) return null
  return isYesNo(value)
    ? `op: expected eq or neq with ${String(value)} ${about}, got ${op}`
    : `value: expected true or false ${about}, got ${JSON.stringify(value)}`
}

function checkNumberCondition({ op, value }: RubricCondition, about: string): string | null {
  if (op === 'in') return `op: expected gt, gte, lt, lte, eq or neq ${about}, got in`
  if (isNumber(value)) return null
  return `value: expected a number ${about}, got ${JSON.stringify(value)}`
}

function isYesNo(value: RubricCondition['value']): boolean {
  return value === true || value === false || value === 'true' || value === 'false'
}

function isNumber(value: RubricCondition['value']): boolean {
  if (typeof value === 'string') return value.trim() !== '' && Number.isFinite(Number(value))
  return typeof value === 'number' && Number.isFinite(value)
}
