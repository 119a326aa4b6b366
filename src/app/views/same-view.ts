import { readFilter, spellFilter } from '#contract/filter-url.ts'
import type { ViewState } from '#contract/view.ts'
import { fromViewColumns, toViewColumns } from '../view-state/column-preferences.ts'
import { sortFor } from '../view-state/view-url.ts'

/**
 * Whether two states show the same list in the same way. Spelling does not count: blanks around a search, another
 * spelling of the same filter, or columns that a later version does not know any more.
 */
export function isSameView(a: ViewState, b: ViewState): boolean {
  return JSON.stringify(normalise(a)) === JSON.stringify(normalise(b))
}

function normalise({ search, filter, sort, columns, density }: ViewState) {
  const columnsShown = toViewColumns(fromViewColumns(columns, density))
  return {
    search: search.trim(),
    filter: normaliseFilter(filter),
    sort: sortFor(sort, search),
    columns: columnsShown.map(({ id, widthPixels = null }) => [id, widthPixels]),
    density,
  }
}

/** A filter that cannot be read is only the same as itself. */
function normaliseFilter(text: string): string {
  const parsed = readFilter(text)
  return parsed.ok ? spellFilter(parsed.filter) : text
}
