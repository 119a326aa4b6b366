import { type FilterGroup, type FilterNode, isGroup, type NodePath } from './filter.ts'

export type PlacedNode = { node: FilterNode; path: NodePath }

/** The node at `path`, or null where the tree has none. */
export function nodeAt(root: FilterGroup, path: NodePath): FilterNode | null {
  let node: FilterNode = root
  for (const index of path) {
    const child: FilterNode | undefined = isGroup(node) ? node.conditions[index] : undefined
    if (child === undefined) return null
    node = child
  }
  return node
}

/** Every node with its place, in the order of the tree, the root first. */
export function* walkNodes(root: FilterGroup): Generator<PlacedNode, void, undefined> {
  yield* walk({ node: root, path: [] })
}

function* walk({ node, path }: PlacedNode): Generator<PlacedNode, void, undefined> {
  yield { node, path }
  if (!isGroup(node)) return
  for (const [index, child] of node.conditions.entries()) {
    yield* walk({ node: child, path: [...path, index] })
  }
}

/** Whether a node has any say: it is not disabled and, if a group, something in it has. */
export function asks(node: FilterNode): boolean {
  if (node.disabled) return false
  return isGroup(node) ? node.conditions.some(asks) : true
}

/** The tree without the nodes that ask nothing; null if all of it asks nothing, so that every call matches. */
export function askingNodes(root: FilterGroup): FilterGroup | null {
  return asks(root) ? pruned(root) : null
}

function pruned(group: FilterGroup): FilterGroup {
  const conditions = group.conditions
    .filter(asks)
    .map((node) => (isGroup(node) ? pruned(node) : node))
  return { operator: group.operator, conditions }
}

/** A copy of the tree without the node at `path`. The root cannot be taken away: it becomes an empty group. */
export function withoutNode(group: FilterGroup, path: NodePath): FilterGroup {
  const [index, ...rest] = path
  if (index === undefined) return { operator: 'and', conditions: [] }
  const child = group.conditions[index]
  if (child === undefined) return group
  if (rest.length === 0) return { ...group, conditions: group.conditions.toSpliced(index, 1) }
  if (!isGroup(child)) return group
  return { ...group, conditions: group.conditions.with(index, withoutNode(child, rest)) }
}
