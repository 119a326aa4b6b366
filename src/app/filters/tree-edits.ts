import { FILTER_LIMITS, type GroupOperator } from '#contract/filter.ts'
import {
  depthOf,
  type EditGroup,
  type EditNode,
  type EditRule,
  emptyGroup,
  findNode,
  holds,
  nextNodeId,
  parentOf,
  walkTree,
} from './edit-tree.ts'

/*
 * Each edit answers with a new tree, or with the very same one where it is impossible: unknown nodes, moves into
 * oneself, trees that would be deeper or larger than a filter may be.
 */

/** Where a node goes: before the child that has `index` now; past the end it is the last. */
export type Place = { parentId: string; index: number }

export function addNode(tree: EditGroup, node: EditNode, place: Place): EditGroup {
  const added = changeGroup(tree, place.parentId, (children) =>
    inserted(children, place.index, node),
  )
  return kept(tree, added)
}

/** The copy stands right after its original; `idOf` names it. The root has no copy. */
export function duplicateNode(tree: EditGroup, id: string): { tree: EditGroup; copyId: string } {
  const place = placeOf(tree, id)
  const node = findNode(tree, id)
  if (!place || !node) return { tree, copyId: id }
  const copy = withNewIds(node)
  const next = addNode(tree, copy, { ...place, index: place.index + 1 })
  return { tree: next, copyId: next === tree ? id : copy.id }
}

/** Of the root only its content goes. */
export function removeNode(tree: EditGroup, id: string): EditGroup {
  if (id === tree.id) return tree.children.length === 0 ? tree : { ...tree, children: [] }
  const parent = parentOf(tree, id)
  if (!parent) return tree
  return changeGroup(tree, parent.id, (children) => children.filter((child) => child.id !== id))
}

export function toggleDisabled(tree: EditGroup, id: string): EditGroup {
  return changeNode(tree, id, (node) => ({ ...node, isDisabled: !node.isDisabled }))
}

export function changeOperator(tree: EditGroup, id: string, operator: GroupOperator): EditGroup {
  return changeNode(tree, id, (node) =>
    node.kind === 'rule' || node.operator === operator ? node : { ...node, operator },
  )
}

export function changeRule(tree: EditGroup, id: string, change: Partial<EditRule>): EditGroup {
  return changeNode(tree, id, (node) => (node.kind === 'rule' ? { ...node, ...change, id } : node))
}

/** Puts a new group around a node. Around the root it becomes the new root. */
export function wrapNode(
  tree: EditGroup,
  id: string,
  operator: GroupOperator,
): { tree: EditGroup; groupId: string } {
  const group = emptyGroup(operator)
  if (id === tree.id) {
    const next = kept(tree, { ...group, children: [tree] })
    return { tree: next, groupId: next === tree ? id : group.id }
  }
  const next = kept(
    tree,
    changeNode(tree, id, (node) => ({ ...group, children: [node] })),
  )
  return { tree: next, groupId: next === tree ? id : group.id }
}

/** Puts a group's content in its place. The root can only give way to a single group in it. */
export function unwrapNode(tree: EditGroup, id: string): EditGroup {
  if (id === tree.id) {
    const [only] = tree.children
    return tree.children.length === 1 && only?.kind === 'group' ? only : tree
  }
  const group = findNode(tree, id)
  const place = placeOf(tree, id)
  if (!place || group?.kind !== 'group') return tree
  return changeGroup(tree, place.parentId, (children) =>
    children.flatMap((child) => (child.id === id ? group.children : [child])),
  )
}

export function moveNode(tree: EditGroup, id: string, place: Place): EditGroup {
  const node = findNode(tree, id)
  const from = placeOf(tree, id)
  const target = findNode(tree, place.parentId)
  if (!node || !from || target?.kind !== 'group' || holds(node, place.parentId)) return tree
  const isSameGroup = from.parentId === place.parentId
  const limit = Math.max(0, Math.min(place.index, target.children.length))
  const index = isSameGroup && from.index < limit ? limit - 1 : limit
  if (isSameGroup && index === from.index) return tree
  return kept(tree, addAt(removeNode(tree, id), node, { parentId: place.parentId, index }))
}

/** To the end of a group, wherever that is. */
export function moveInto(tree: EditGroup, id: string, parentId: string): EditGroup {
  return moveNode(tree, id, { parentId, index: Number.POSITIVE_INFINITY })
}

export function moveUp(tree: EditGroup, id: string): EditGroup {
  const place = placeOf(tree, id)
  if (!place || place.index === 0) return tree
  return moveNode(tree, id, { ...place, index: place.index - 1 })
}

export function moveDown(tree: EditGroup, id: string): EditGroup {
  const place = placeOf(tree, id)
  return place ? moveNode(tree, id, { ...place, index: place.index + 2 }) : tree
}

/** Into the group right above it, as its last; without one into the group right below, as its first. */
export function indent(tree: EditGroup, id: string): EditGroup {
  const place = placeOf(tree, id)
  const siblings = place ? (parentOf(tree, id)?.children ?? []) : []
  const above = place && siblings[place.index - 1]
  const below = place && siblings[place.index + 1]
  if (above?.kind === 'group') return moveInto(tree, id, above.id)
  if (below?.kind === 'group') return moveNode(tree, id, { parentId: below.id, index: 0 })
  return tree
}

/** Out of its group, to the place right after it. */
export function outdent(tree: EditGroup, id: string): EditGroup {
  const parent = parentOf(tree, id)
  const place = parent && placeOf(tree, parent.id)
  return place ? moveNode(tree, id, { ...place, index: place.index + 1 }) : tree
}

/** Null for the root and for unknown ids. */
export function placeOf(tree: EditGroup, id: string): Place | null {
  const parent = parentOf(tree, id)
  if (!parent) return null
  return { parentId: parent.id, index: parent.children.findIndex((child) => child.id === id) }
}

/** What to look at once a node is gone: the next one, else the one before, else the group. */
export function neighbourOf(tree: EditGroup, id: string): string {
  const parent = parentOf(tree, id)
  if (!parent) return tree.id
  const index = parent.children.findIndex((child) => child.id === id)
  return (parent.children[index + 1] ?? parent.children[index - 1] ?? parent).id
}

function kept(before: EditGroup, after: EditGroup): EditGroup {
  const isTooDeep = depthOf(after) > FILTER_LIMITS.depth
  const isTooLarge = [...walkTree(after)].length > FILTER_LIMITS.nodes
  const isWorse =
    depthOf(after) > depthOf(before) || [...walkTree(after)].length > [...walkTree(before)].length
  return (isTooDeep || isTooLarge) && isWorse ? before : after
}

function addAt(tree: EditGroup, node: EditNode, place: Place): EditGroup {
  return changeGroup(tree, place.parentId, (children) => inserted(children, place.index, node))
}

function inserted(children: readonly EditNode[], index: number, node: EditNode): EditNode[] {
  return children.toSpliced(Math.min(index, children.length), 0, node)
}

function changeGroup(
  tree: EditGroup,
  id: string,
  change: (children: readonly EditNode[]) => readonly EditNode[],
): EditGroup {
  return changeNode(tree, id, (node) =>
    node.kind === 'group' ? { ...node, children: change(node.children) } : node,
  )
}

/** Untouched branches stay the same objects, so that nothing of them is drawn again. */
function changeNode(tree: EditGroup, id: string, change: (node: EditNode) => EditNode): EditGroup {
  const changed = changeIn(tree, id, change)
  return changed.kind === 'group' ? changed : tree
}

function changeIn(node: EditNode, id: string, change: (node: EditNode) => EditNode): EditNode {
  if (node.id === id) return change(node)
  if (node.kind === 'rule') return node
  const children = node.children.map((child) => changeIn(child, id, change))
  return children.every((child, index) => child === node.children[index])
    ? node
    : { ...node, children }
}

function withNewIds(node: EditNode): EditNode {
  if (node.kind === 'rule') return { ...node, id: nextNodeId() }
  return { ...node, id: nextNodeId(), children: node.children.map(withNewIds) }
}
