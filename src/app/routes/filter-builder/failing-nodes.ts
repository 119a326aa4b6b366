import { type FilterGroup, type FilterNode, type GroupOperator, isGroup } from '#contract/filter.ts'
import type { NodeExplanation } from '#contract/filter-explanation.ts'
import { asks } from '#contract/filter-tree.ts'
import { describeRule, type FilterNames } from '#contract/filter-words.ts'
import { pathKey } from './use-rule-counts.ts'

/**
 * The outermost nodes that keep a call out: of an `and` those that do not hold, of a `not` those that do. An `or` or a
 * `same_row` of which nothing holds is named as a whole. Empty where the call is let through.
 */
export function failingNodes(
  filter: FilterGroup,
  explanations: readonly NodeExplanation[],
): FilterNode[] {
  const byPath = new Map(explanations.map((one) => [pathKey(one.path), one]))
  const root = byPath.get('')
  if (!root || root.holds) return []
  const { operator } = filter
  if (operator === 'or' || operator === 'same_row') return [filter]
  const keptOut = operator !== 'and'
  const guilty = filter.conditions.filter((_, index) => {
    const one = byPath.get(String(index))
    return one !== undefined && !one.isSkipped && one.holds === keptOut
  })
  return guilty.map((node) => (isGroup(node) && node.conditions.length === 1 ? onlyOf(node) : node))
}

function onlyOf(group: FilterGroup): FilterNode {
  const [only] = group.conditions
  return only !== undefined && group.operator !== 'not' ? only : group
}

/** `Duration is at least 1m`, `any of (Topic is “a”, Topic is “b”)`. */
export function shortNode(node: FilterNode, names: FilterNames): string {
  if (!isGroup(node)) return describeRule(node, names)
  const inner = node.conditions.filter(asks).map((child) => shortNode(child, names))
  return `${GROUP_WORDS[node.operator]} (${inner.join(', ')})`
}

const GROUP_WORDS: Record<GroupOperator, string> = {
  and: 'all of',
  or: 'any of',
  not: 'none of',
  same_row: 'in one result all of',
}
