import { TopicNode } from '#contract/agent.ts'

/** As many as the server takes. */
export const MAX_NODES = 100

/** Without rows that nobody filled, and without blanks around the texts. */
export function filledNodes(nodes: readonly TopicNode[]): TopicNode[] {
  return nodes
    .map(({ name, description }) => ({ name: name.trim(), description: description.trim() }))
    .filter(({ name, description }) => name !== '' || description !== '')
}

/** What is wrong with a list, for its author; null if nothing is. `noun`: `topic`. */
export function nodesFault(nodes: readonly TopicNode[], noun: string): string | null {
  const filled = filledNodes(nodes)
  if (filled.some(({ name }) => name === '')) return `Give each ${noun} a title.`
  const twice = filled.find(({ name }, index) =>
    filled.slice(0, index).some((other) => other.name.toLowerCase() === name.toLowerCase()),
  )
  if (twice) return `“${twice.name}” stands there twice.`
  const tooLong = filled.find((node) => !TopicNode.safeParse(node).success)
  return tooLong ? `“${tooLong.name.slice(0, 40)}…” is too long.` : null
}

/** `items` with the one at `index` moved by so many places; the same items where it is at the end already. */
export function moved<Item>(items: readonly Item[], index: number, by: number): Item[] {
  const item = items[index]
  const place = index + by
  if (item === undefined || place < 0 || place >= items.length) return [...items]
  const others = items.filter((_, at) => at !== index)
  return [...others.slice(0, place), item, ...others.slice(place)]
}
