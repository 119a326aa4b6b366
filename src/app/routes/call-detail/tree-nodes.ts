/** One entry of a JSON value, ready to be shown. */
export type TreeNode = {
  /** Names it within its parent: the key, or the place in a list. */
  name: string
  /** As filters spell it: keys joined by dots; elements of a list share the list's path. */
  path: string
  /** Its text; null for an object or a list. */
  value: string | null
  kind: 'text' | 'number' | 'boolean' | 'null' | 'object' | 'list'
  children: TreeNode[]
}

/** The entries of an object in its own order. */
export function toTree(record: Record<string, unknown>, parentPath = ''): TreeNode[] {
  return Object.entries(record).map(([name, value]) =>
    toNode({ name, path: parentPath === '' ? name : `${parentPath}.${name}`, value }),
  )
}

/** What matches `search` in its name, path or text, with everything above and below it; all without a search. */
export function filterTree(nodes: readonly TreeNode[], search: string): TreeNode[] {
  const wanted = search.trim().toLowerCase()
  return wanted === '' ? [...nodes] : nodes.flatMap((node) => matching(node, wanted))
}

export function countLeaves(nodes: readonly TreeNode[]): number {
  return nodes.reduce(
    (sum, { children }) => sum + (children.length > 0 ? countLeaves(children) : 1),
    0,
  )
}

function toNode({ name, path, value }: { name: string; path: string; value: unknown }): TreeNode {
  if (Array.isArray(value)) {
    const children = value.map((element, i) =>
      toNode({ name: String(i + 1), path, value: element }),
    )
    return { name, path, value: null, kind: 'list', children }
  }
  if (typeof value === 'object' && value !== null) {
    const children = toTree(Object.fromEntries(Object.entries(value)), path)
    return { name, path, value: null, kind: 'object', children }
  }
  return { name, path, value: String(value), kind: leafKind(value), children: [] }
}

function leafKind(value: unknown): 'text' | 'number' | 'boolean' | 'null' {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'number') return 'number'
  return typeof value === 'boolean' ? 'boolean' : 'text'
}

function matching(node: TreeNode, wanted: string): TreeNode[] {
  const isMatch = [node.name, node.path, node.value ?? ''].some((text) =>
    text.toLowerCase().includes(wanted),
  )
  if (isMatch) return [node]
  const children = node.children.flatMap((child) => matching(child, wanted))
  return children.length > 0 ? [{ ...node, children }] : []
}
