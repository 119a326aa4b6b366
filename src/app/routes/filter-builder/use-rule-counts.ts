import { useQueries } from '@tanstack/react-query'
import { type FilterGroup, isGroup, type NodePath } from '#contract/filter.ts'
import { asks, withoutNode } from '#contract/filter-tree.ts'
import { spellFilter } from '#contract/filter-url.ts'
import { filterQueries } from '../../api/filters.ts'

/** Beyond these, counting each costs the server more than it tells. */
const MOST_COUNTED = 40

/**
 * How many more calls there would be without each node, by `pathKey`; null while that is counted. Asked for only once
 * `total` is known, since the whole comes first.
 */
export function useRuleCounts(input: {
  filter: FilterGroup
  search: string
  total: number | undefined
}): ReadonlyMap<string, number | null> {
  const { filter, search, total } = input
  const paths = askingPaths(filter).slice(0, MOST_COUNTED)
  const counts = useQueries({
    queries: paths.map((path) => ({
      ...filterQueries.countInTurn({ search, filter: spellFilter(withoutNode(filter, path)) }),
      enabled: total !== undefined,
    })),
  })
  return new Map(
    paths.map((path, index) => {
      const count = counts[index]?.data?.count
      const isKnown = count !== undefined && total !== undefined
      // Calls that arrived between the two counts may make the difference negative.
      return [pathKey(path), isKnown ? Math.max(0, count - total) : null]
    }),
  )
}

export function pathKey(path: NodePath): string {
  return path.join('.')
}

/** The nodes that have a say, without the root, top-level ones first: they are what a person looks at. */
export function askingPaths(filter: FilterGroup): NodePath[] {
  const found: NodePath[] = []
  const visit = (group: FilterGroup, path: NodePath) => {
    for (const [index, node] of group.conditions.entries()) {
      if (!asks(node)) continue
      found.push([...path, index])
      if (isGroup(node)) visit(node, [...path, index])
    }
  }
  if (asks(filter)) visit(filter, [])
  return found.toSorted((a, b) => a.length - b.length)
}
