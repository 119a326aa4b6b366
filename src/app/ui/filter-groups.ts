import type { ComboboxGroup, ComboboxOption } from './combobox-props.ts'

type Entry = { option: ComboboxOption; label: string; all: string }
type IndexedGroup = { label: string; entries: Entry[] }

/**
 * A search over the options, prepared once: each word of the query must occur in the option's label, hint,
 * detail or group, whatever the case and the accents. Best matches of the label come first, groups with them;
 * otherwise the given order stays. An empty query gives everything.
 */
export function createGroupFilter(
  groups: readonly ComboboxGroup[],
): (query: string) => readonly ComboboxGroup[] {
  const indexed = groups.map(indexGroup)
  return (query) => {
    const folded = fold(query).trim()
    if (folded === '') return groups
    return indexed
      .map((group) => rankGroup(group, folded))
      .filter(({ options }) => options.length > 0)
      .toSorted((a, b) => a.rank - b.rank)
      .map(({ label, options }) => ({ label, options }))
  }
}

function indexGroup({ label, options }: ComboboxGroup): IndexedGroup {
  const toEntry = (option: ComboboxOption) => ({
    option,
    label: fold(option.label),
    all: fold([option.label, option.hint, option.detail, label].join(' ')),
  })
  return { label, entries: options.map(toEntry) }
}

function rankGroup({ label, entries }: IndexedGroup, query: string) {
  const words = query.split(/\s+/)
  const ranked = entries
    .filter(({ all }) => words.every((word) => all.includes(word)))
    .map((entry) => ({ option: entry.option, rank: rankOf(entry.label, query) }))
    .toSorted((a, b) => a.rank - b.rank)
  return { label, options: ranked.map(({ option }) => option), rank: ranked[0]?.rank ?? 4 }
}

function rankOf(label: string, query: string): number {
  if (label.startsWith(query)) return 0
  if (` ${label}`.includes(` ${query}`)) return 1
  return label.includes(query) ? 2 : 3
}

/** Names in snake_case and dot.paths are searched by their words. */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[_.]/g, ' ').toLowerCase()
}
