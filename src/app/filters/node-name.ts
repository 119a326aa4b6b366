import { describeRule } from '#contract/filter-words.ts'
import { countOf } from '../format/count.ts'
import { type EditNode, ruleState } from './edit-tree.ts'
import type { FieldCatalog } from './field-catalog.ts'
import { OPERATOR_TEXT } from './operator-switch.tsx'

/** A node in a few words, for readers of the screen and for lists. */
export function nodeName(node: EditNode, catalog: FieldCatalog): string {
  const off = node.isDisabled ? ', off' : ''
  if (node.kind === 'group') {
    const { label } = OPERATOR_TEXT[node.operator]
    return `${label} of ${countOf(node.children.length, 'condition')}${off}`
  }
  const state = ruleState(node)
  if (state.kind === 'finished') return `${describeRule(state.rule, catalog.names)}${off}`
  const label = catalog.find(node.field)?.label ?? node.field
  return label === '' ? 'A rule without a field' : `${label}, unfinished${off}`
}
