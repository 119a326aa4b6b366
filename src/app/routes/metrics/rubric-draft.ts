import type { Metric } from '#contract/metric.ts'
import type { Rubric, RubricCondition, RubricOp, RubricRule } from '#contract/rubric.ts'

/** A condition while it is being written: null where the value is still missing. */
export type DraftCondition = Omit<RubricCondition, 'value'> & {
  value: RubricCondition['value'] | null
}
export type DraftRule = Omit<RubricRule, 'conditions'> & {
  /** Only for the page: rules have no number of their own. */
  key: string
  conditions: DraftCondition[]
}
export type RubricDraft = { logic: Rubric['logic']; rules: DraftRule[] }

type Typed = Pick<Metric, 'id' | 'content'>

export function toRubricDraft({ logic, rules }: Rubric): RubricDraft {
  return { logic, rules: rules.map((rule) => ({ ...rule, key: newKey() })) }
}

let lastKey = 0

function newKey(): string {
  lastKey += 1
  return `rule-${lastKey}`
}

/** The rubric as the server keeps it; null while a value is missing. */
export function toRubric({ logic, rules }: RubricDraft): Rubric | null {
  const whole: RubricRule[] = []
  for (const { key: _key, ...rule } of rules) {
    const conditions = rule.conditions.flatMap((condition) => {
      const { value } = condition
      return isMissing(value) ? [] : [{ ...condition, value }]
    })
    if (conditions.length < rule.conditions.length) return null
    whole.push({ ...rule, conditions })
  }
  return { logic, rules: whole }
}

function isMissing(value: DraftCondition['value']): value is null {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

/** A rule for a metric as it is most often wanted: yes, at least or at most, or one of the labels. */
export function newRule(metric: Pick<Metric, 'id' | 'content' | 'direction'>): DraftRule {
  return {
    key: newKey(),
    metricId: metric.id,
    operator: 'and',
    conditions: [newCondition(metric)],
  }
}

export function newCondition({
  content,
  direction,
}: Pick<Metric, 'content' | 'direction'>): DraftCondition {
  if (content.evalType === 'binary')
    return { field: 'score', op: 'eq', value: direction !== 'lower' }
  if (content.evalType === 'enum') return { field: 'enum', op: 'in', value: [] }
  return { field: 'score', op: direction === 'lower' ? 'lte' : 'gte', value: null }
}

export const NUMBER_OPS: readonly RubricOp[] = ['gte', 'lte', 'gt', 'lt', 'eq']

/** The way that a rule points against the metric: a limit from below on what is better low, or the reverse. */
export function directionWarning(
  { conditions, operator }: DraftRule,
  metric: Pick<Metric, 'name' | 'direction' | 'content'>,
): string | null {
  const { evalType } = metric.content
  if (evalType !== 'numeric' && evalType !== 'rating') return null
  const hasFloor = conditions.some(({ op }) => op === 'gte' || op === 'gt')
  const hasCeiling = conditions.some(({ op }) => op === 'lte' || op === 'lt')
  // A range is meant as such.
  if (hasFloor && hasCeiling && operator === 'and') return null
  if (metric.direction === 'lower' && hasFloor) {
    return `Lower is better for “${metric.name}”: with this rule its best calls fail. Use “is at most”.`
  }
  if (metric.direction === 'higher' && hasCeiling) {
    return `Higher is better for “${metric.name}”: with this rule its best calls fail. Use “is at least”.`
  }
  return null
}

/** Metrics that no rule is about, for a new rule. */
export function unusedMetrics<Item extends Typed>(
  metrics: readonly Item[],
  draft: RubricDraft,
): Item[] {
  const used = new Set(draft.rules.map(({ metricId }) => metricId))
  return metrics.filter(({ id }) => !used.has(id))
}
