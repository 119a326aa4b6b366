import { type EditGroup, findNode, parentOf, walkTree } from './edit-tree.ts'

/** The node that a key leads to from `id`; null for other keys, and where there is none. */
export function nodeAfterKey(
  tree: EditGroup,
  { id, key }: { id: string; key: string },
): string | null {
  const ids = [...walkTree(tree)].map((node) => node.id)
  const index = ids.indexOf(id)
  switch (key) {
    case 'ArrowDown':
      return ids[index + 1] ?? null
    case 'ArrowUp':
      return index > 0 ? (ids[index - 1] ?? null) : null
    case 'Home':
      return ids[0] ?? null
    case 'End':
      return ids.at(-1) ?? null
    case 'ArrowLeft':
      return parentOf(tree, id)?.id ?? null
    case 'ArrowRight': {
      const node = findNode(tree, id)
      return node?.kind === 'group' ? (node.children[0]?.id ?? null) : null
    }
    default:
      return null
  }
}
