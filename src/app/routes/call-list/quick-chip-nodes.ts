import type { FilterMetric } from '#contract/facet.ts'
import { type FilterGroup, type FilterNode, isGroup } from '#contract/filter.ts'
import { areSameNodes, topNodes, withNode, withoutNodes } from '../../view-state/filter-nodes.ts'
import type { QuickChipId } from './quick-chips.ts'

type ChipNode = {
  /** Whether a part of a filter is this question. */
  isNode: (node: FilterNode) => boolean
  /** `metrics`: those of the project, as far as they are known. */
  toNode: (metrics: readonly FilterMetric[]) => FilterNode
}

const CHIP_NODES: Record<QuickChipId, ChipNode> = {
  failed: fixed({ field: 'outcome', op: 'in', value: ['failure', 'reviewed_failure'] }),
  unreviewed: fixed({ field: 'is_reviewed', op: 'eq', value: false }),
  slow: fixed({ field: 'longest_response_gap', op: 'gt', value: 3 }),
  interrupted: fixed({ field: 'interruptions', op: 'gte', value: 1 }),
  'tool-error': fixed({ field: 'tool_errors', op: 'gte', value: 1 }),
  'negative-feedback': {
    isNode: isNegativeFeedback,
    toNode: (metrics) => ({
      operator: 'or',
      conditions: [...negativeRules(), ...sentimentRules(metrics)],
    }),
  },
}

/** Whether a filter asks the chip's question of all its calls. */
export function isChosen(filter: FilterGroup, id: QuickChipId): boolean {
  return topNodes(filter).some((node) => !node.disabled && CHIP_NODES[id].isNode(node))
}

/** Adds the chip's node, or takes it away; nothing else changes. */
export function toggleChip(
  filter: FilterGroup,
  { id, metrics }: { id: QuickChipId; metrics: readonly FilterMetric[] },
): FilterGroup {
  const { isNode, toNode } = CHIP_NODES[id]
  // One that was switched off in the builder is asked again, not asked twice.
  const rest = withoutNodes(filter, (node) => isNode(enabled(node)))
  return isChosen(filter, id) ? rest : withNode(rest, toNode(metrics))
}

function fixed(node: FilterNode): ChipNode {
  return { isNode: (other) => areSameNodes(node, other), toNode: () => node }
}

function negativeRules(): FilterNode[] {
  return [
    { field: 'outcome', op: 'eq', value: 'reviewed_failure' },
    { field: 'disagrees_with_judge', op: 'eq', value: true },
  ]
}

const SENTIMENT_FIELD = /^metric_evaluations\.\d+\.value$/

/** With or without a rule about a sentiment: the metric may have come, or gone, since the link was made. */
function isNegativeFeedback(node: FilterNode): boolean {
  if (!isGroup(node) || node.operator !== 'or' || node.disabled) return false
  const known = negativeRules()
  const others = node.conditions.filter((one) => !known.some((rule) => areSameNodes(rule, one)))
  const areAllKnown = node.conditions.length - others.length === known.length
  return areAllKnown && others.every((one) => !isGroup(one) && SENTIMENT_FIELD.test(one.field))
}

function sentimentRules(metrics: readonly FilterMetric[]): FilterNode[] {
  return metrics.flatMap(({ id, name, enumValues }): FilterNode[] => {
    const label = enumValues.find((value) => value.toLowerCase() === 'negative')
    if (label === undefined || !/sentiment/i.test(name)) return []
    return [{ field: `metric_evaluations.${id}.value`, op: 'eq', value: label }]
  })
}

function enabled(node: FilterNode): FilterNode {
  const { disabled: _, ...rest } = node
  return rest
}
