import {
  type FilterGroup,
  type FilterNode,
  type FilterOp,
  type FilterRule,
  type GroupOperator,
  isGroup,
  type NodePath,
} from '#contract/filter.ts'
import { parseFilter } from '#contract/filter-parse.ts'

export type RuleValue = FilterRule['value']

/** A rule while it is being built. It asks nothing until field and value are there and fit. */
export type EditRule = {
  kind: 'rule'
  id: string
  /** Empty: not chosen yet. */
  field: string
  op: FilterOp
  /** Undefined: not given yet. Null is a value. */
  value: RuleValue | undefined
  isDisabled: boolean
}

export type EditGroup = {
  kind: 'group'
  id: string
  operator: GroupOperator
  children: readonly EditNode[]
  isDisabled: boolean
}

/** A node of a filter with a name of its own, which it keeps wherever it is moved. */
export type EditNode = EditRule | EditGroup

let lastNumber = 0

export function nextNodeId(): string {
  lastNumber += 1
  return `node-${lastNumber}`
}

export function emptyRule(): EditRule {
  return {
    kind: 'rule',
    id: nextNodeId(),
    field: '',
    op: 'eq',
    value: undefined,
    isDisabled: false,
  }
}

export function emptyGroup(operator: GroupOperator = 'and'): EditGroup {
  return { kind: 'group', id: nextNodeId(), operator, children: [], isDisabled: false }
}

export function toEditTree(filter: FilterGroup): EditGroup {
  return {
    kind: 'group',
    id: nextNodeId(),
    operator: filter.operator,
    children: filter.conditions.map(toEditNode),
    isDisabled: filter.disabled === true,
  }
}

export function toEditNode(node: FilterNode): EditNode {
  if (isGroup(node)) return toEditTree(node)
  const { field, op, value, disabled } = node
  return { kind: 'rule', id: nextNodeId(), field, op, value, isDisabled: disabled === true }
}

/** How far a rule has come. `message` is for a person to read. */
export type RuleState =
  | { kind: 'finished'; rule: FilterRule }
  | { kind: 'unfinished' }
  | { kind: 'wrong'; message: string }

const states = new WeakMap<EditRule, RuleState>()

export function ruleState(rule: EditRule): RuleState {
  const known = states.get(rule)
  if (known) return known
  const state = checkRule(rule)
  states.set(rule, state)
  return state
}

function checkRule({ field, op, value, isDisabled }: EditRule): RuleState {
  // `NaN` is a number that somebody is about to type.
  if (field === '' || value === undefined || Number.isNaN(value)) return { kind: 'unfinished' }
  const parsed = parseFilter({ field, op, value })
  if (!parsed.ok) {
    return { kind: 'wrong', message: parsed.issues.map((issue) => issue.message).join('\n') }
  }
  const [rule] = parsed.filter.conditions
  if (!rule || isGroup(rule)) return { kind: 'unfinished' }
  return { kind: 'finished', rule: isDisabled ? { ...rule, disabled: true } : rule }
}

/** The filter that the tree says, and where its nodes stand in it by id. Rules that are not finished are left out. */
export type SpokenFilter = { filter: FilterGroup; paths: ReadonlyMap<string, NodePath> }

export function toFilter(tree: EditGroup): SpokenFilter {
  const paths = new Map<string, NodePath>()
  return { filter: toFilterGroup(tree, [], paths), paths }
}

function toFilterGroup(
  group: EditGroup,
  path: NodePath,
  paths: Map<string, NodePath>,
): FilterGroup {
  paths.set(group.id, path)
  const conditions: FilterNode[] = []
  for (const child of group.children) {
    const childPath = [...path, conditions.length]
    if (child.kind === 'group') {
      conditions.push(toFilterGroup(child, childPath, paths))
      continue
    }
    const state = ruleState(child)
    if (state.kind !== 'finished') continue
    paths.set(child.id, childPath)
    conditions.push(state.rule)
  }
  const { operator } = group
  return group.isDisabled ? { operator, conditions, disabled: true } : { operator, conditions }
}

export function findNode(tree: EditGroup, id: string): EditNode | null {
  for (const node of walkTree(tree)) if (node.id === id) return node
  return null
}

/** Null for the root and for unknown ids. */
export function parentOf(tree: EditGroup, id: string): EditGroup | null {
  for (const node of walkTree(tree)) {
    if (node.kind === 'group' && node.children.some((child) => child.id === id)) return node
  }
  return null
}

/** The node itself counts. */
export function holds(node: EditNode, id: string): boolean {
  return [...walkTree(node)].some((inner) => inner.id === id)
}

/** Every node in the order in which a person reads them, the given one first. */
export function* walkTree(node: EditNode): Generator<EditNode> {
  yield node
  if (node.kind === 'rule') return
  for (const child of node.children) yield* walkTree(child)
}

/** Groups on the way down to the deepest one, the given one included; a lone rule has none. */
export function depthOf(node: EditNode): number {
  if (node.kind === 'rule') return 0
  return 1 + Math.max(0, ...node.children.map(depthOf))
}
