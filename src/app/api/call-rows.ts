import type { InfiniteData } from '@tanstack/react-query'
import type { CallRow } from '#contract/api.ts'

export type CallPage = { items: CallRow[]; nextCursor: string | null }
export type CallPages = InfiniteData<CallPage>

/** The same pages with newer versions of the rows they hold; the very same object if none is held. */
export function withNewerRows(pages: CallPages, rows: readonly CallRow[]): CallPages {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return mapPages(pages, (items) =>
    items.some((item) => byId.has(item.id))
      ? items.map((item) => byId.get(item.id) ?? item)
      : items,
  )
}

/** As `withNewerRows`, for pages that hold the results of other metrics than the newer rows: they keep theirs. */
export function withOtherResults(pages: CallPages, rows: readonly CallRow[]): CallPages {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return mapPages(pages, (items) =>
    items.some((item) => byId.has(item.id))
      ? items.map((item) => {
          const row = byId.get(item.id)
          return row ? { ...row, results: item.results } : item
        })
      : items,
  )
}

/** The same pages with one call changed; the very same object if it is on none of them. */
export function withChangedRow(
  pages: CallPages,
  id: number,
  change: (row: CallRow) => CallRow,
): CallPages {
  return mapPages(pages, (items) =>
    items.some((item) => item.id === id)
      ? items.map((item) => (item.id === id ? change(item) : item))
      : items,
  )
}

/** The same pages without one call; the very same object if it is on none of them. */
export function withoutRow(pages: CallPages, id: number): CallPages {
  return mapPages(pages, (items) =>
    items.some((item) => item.id === id) ? items.filter((item) => item.id !== id) : items,
  )
}

function mapPages(pages: CallPages, change: (items: CallRow[]) => CallRow[]): CallPages {
  let isChanged = false
  const changed = pages.pages.map((page) => {
    const items = change(page.items)
    if (items === page.items) return page
    isChanged = true
    return { ...page, items }
  })
  return isChanged ? { ...pages, pages: changed } : pages
}
