import type { Metric } from '#contract/metric.ts'
import { conditionWords, type RuleMetric } from '../../results/condition-words.ts'
import type { DraftRule, RubricDraft } from './rubric-draft.ts'

type Named = Pick<Metric, 'id' | 'name' | 'content'>

/** The whole rubric as a sentence. What is still missing stands as `…`. */
export function rubricSentence({ logic, rules }: RubricDraft, metrics: readonly Named[]): string {
  if (rules.length === 0) return 'No rule decides anything yet: every call stays not evaluated.'
  const byId = new Map(metrics.map((metric) => [metric.id, metric]))
  const parts = rules.map((rule) => ruleWords(rule, byId.get(rule.metricId)))
  return `A call succeeds if ${parts.join(logic === 'and' ? ', and ' : ', or ')}.`
}

function ruleWords(
  { metricId, operator, conditions }: DraftRule,
  metric: Named | undefined,
): string {
  const name = metric?.name ?? `metric ${metricId}, which was deleted,`
  const whole = conditions.map((condition) => ({ ...condition, value: condition.value ?? '…' }))
  return `${name} ${conditionWords({ operator, conditions: whole }, metric ? toRuleMetric(metric) : null)}`
}

function toRuleMetric({ content }: Named): RuleMetric {
  const { evalType, unit, range } = content
  return { evalType, unit, maxScore: range?.max ?? null }
}
