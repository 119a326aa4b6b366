import {
  type FilterGroup,
  type FilterNode,
  type FilterRule,
  type FilterScalar,
  findField,
  isGroup,
} from '#contract/filter.ts'
import { spellFilter } from '#contract/filter-url.ts'

/** What all calls of a filter have in common: the parts of its outermost `and`, or the filter as a whole. */
export function topNodes(filter: FilterGroup): readonly FilterNode[] {
  if (filter.conditions.length === 0) return []
  return isPlainAnd(filter) ? filter.conditions : [filter]
}

/** `filter` narrowed by one more node. */
export function withNode(filter: FilterGroup, node: FilterNode): FilterGroup {
  return { operator: 'and', conditions: [...topNodes(filter), node] }
}

/** `filter` with another node, or none, in the place of one of its `topNodes`. */
export function withTopNode(
  filter: FilterGroup,
  { index, node }: { index: number; node: FilterNode | null },
): FilterGroup {
  const nodes = [...topNodes(filter)]
  nodes.splice(index, 1, ...(node === null ? [] : [node]))
  return { operator: 'and', conditions: nodes }
}

/** `filter` without those of its `topNodes` for which the question holds. */
export function withoutNodes(
  filter: FilterGroup,
  isMeant: (node: FilterNode) => boolean,
): FilterGroup {
  return { operator: 'and', conditions: topNodes(filter).filter((node) => !isMeant(node)) }
}

export function areSameNodes(a: FilterNode, b: FilterNode): boolean {
  return spellNode(a) === spellNode(b)
}

/** The values that a field is held to by `eq` or `in`; empty if it is not. */
export function chosenValues(filter: FilterGroup, field: string): FilterScalar[] {
  const rule = topNodes(filter).find((node) => isChoiceOf(node, field))
  return rule === undefined || isGroup(rule) ? [] : valuesOf(rule)
}

/** `filter` with a field held to one of some values, or to none in particular if there are none. */
export function withChosenValues(
  filter: FilterGroup,
  { field, values }: { field: string; values: readonly FilterScalar[] },
): FilterGroup {
  const nodes = topNodes(filter)
  const place = nodes.findIndex((node) => isChoiceOf(node, field))
  const [only, second] = values
  if (only === undefined) return withoutNodes(filter, (node) => isChoiceOf(node, field))
  const rule: FilterRule =
    second === undefined
      ? { field, op: 'eq', value: only }
      : { field, op: 'in', value: [...values] }
  if (place === -1) return withNode(filter, rule)
  return withTopNode(filter, { index: place, node: rule })
}

type Wish = { field: string; value: FilterScalar }

/**
 * Only calls with this value. A field that has one value per call is then held to it or another one that was asked for
 * before; of tags and the like a call can have both, so both are asked for.
 */
export function including(filter: FilterGroup, { field, value }: Wish): FilterGroup {
  const kept = withoutNodes(filter, (node) => isRule(node, { field, op: 'neq', value }))
  if (findField(field)?.isMultiple) {
    return withRule(kept, { field, op: 'eq', value })
  }
  const values = chosenValues(kept, field)
  if (values.includes(value)) return kept
  return withChosenValues(kept, { field, values: [...values, value] })
}

/** No calls with this value. */
export function excluding(filter: FilterGroup, { field, value }: Wish): FilterGroup {
  const values = chosenValues(filter, field)
  const others = values.filter((one) => one !== value)
  const isOneOfMany = values.length > others.length && others.length > 0
  // A call with two tags has this one too, although another one was asked for.
  if (isOneOfMany && !findField(field)?.isMultiple) {
    return withChosenValues(filter, { field, values: others })
  }
  const kept = withoutNodes(filter, (node) => isRule(node, { field, op: 'eq', value }))
  return withRule(kept, { field, op: 'neq', value })
}

/** As `withNode`, but a rule that is there already is not asked twice, and takes the place of one with the same operator where both cannot be meant. */
export function withRule(filter: FilterGroup, rule: FilterRule): FilterGroup {
  const isReplaced = REPLACING_OPS.has(rule.op)
  const nodes = topNodes(filter)
  const index = nodes.findIndex((node) =>
    isReplaced
      ? !isGroup(node) && !node.disabled && node.field === rule.field && node.op === rule.op
      : areSameNodes(node, rule),
  )
  return index === -1 ? withNode(filter, rule) : withTopNode(filter, { index, node: rule })
}

/** Of two lower bounds only one counts. */
const REPLACING_OPS: ReadonlySet<string> = new Set(['gt', 'gte', 'lt', 'lte', 'isnull'])

function isPlainAnd({ operator, disabled }: FilterGroup): boolean {
  return operator === 'and' && !disabled
}

function isChoiceOf(node: FilterNode, field: string): boolean {
  if (isGroup(node) || node.disabled || node.field !== field) return false
  return node.op === 'eq' || node.op === 'in'
}

function isRule(node: FilterNode, rule: FilterRule): boolean {
  return !isGroup(node) && areSameNodes(node, rule)
}

function valuesOf({ value }: FilterRule): FilterScalar[] {
  return Array.isArray(value) ? [...value] : [value as FilterScalar]
}

function spellNode(node: FilterNode): string {
  return spellFilter({ operator: 'or', conditions: [node] })
}
