import type { MetricCategory } from '#contract/metric.ts'

export type MetricGroup<Item> = { label: string; items: Item[] }

export const NO_CATEGORY = 'Without a category'

/** By category in the order of the first of each, those without one last. Inside a group the order stays. */
export function groupByCategory<Item extends { category: MetricCategory | null }>(
  items: readonly Item[],
): MetricGroup<Item>[] {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const label = item.category ?? NO_CATEGORY
    groups.set(label, [...(groups.get(label) ?? []), item])
  }
  const sorted = [...groups].sort(
    ([a], [b]) => Number(a === NO_CATEGORY) - Number(b === NO_CATEGORY),
  )
  return sorted.map(([label, members]) => ({ label, items: members }))
}
