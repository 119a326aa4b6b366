import type { CallRow } from '#contract/api.ts'
import type { CallPage, CallPages } from '../../api/call-rows.ts'

/** Rows of all pages in order, each call once: a call whose sort value changed while paging can arrive twice. */
export function flattenPages(pages: readonly CallPage[]): CallRow[] {
  const seen = new Set<number>()
  const rows: CallRow[] = []
  for (const page of pages) {
    for (const call of page.items) {
      if (seen.has(call.id)) continue
      seen.add(call.id)
      rows.push(call)
    }
  }
  return rows
}

export function loadedIds(pages: readonly CallPage[]): Set<number> {
  return new Set(pages.flatMap((page) => page.items.map((call) => call.id)))
}

/** Calls of a freshly read first page that are not loaded yet. */
export function countNew(pages: readonly CallPage[], head: CallPage): number {
  const loaded = loadedIds(pages)
  return head.items.filter((call) => !loaded.has(call.id)).length
}

/**
 * Puts a freshly read first page on top of the loaded ones; only for newest-first lists. Within the
 * stretch that `head` covers it is the truth: calls it does not name have left the query. Where
 * nothing overlaps, rows between are unknown, so the list starts anew from `head`.
 */
export function mergeHead({ pages, pageParams }: CallPages, head: CallPage): CallPages {
  const [first, ...others] = pages
  if (!first || !overlaps(pages, head)) return { pages: [head], pageParams: [undefined] }

  const last = head.items.at(-1)
  const headIds = new Set(head.items.map((call) => call.id))
  const isBelowHead = (call: CallRow) =>
    !headIds.has(call.id) && last !== undefined && isOlder(call, last)
  return {
    pages: [
      { items: [...head.items, ...first.items.filter(isBelowHead)], nextCursor: first.nextCursor },
      ...others.map((page) => keepRows(page, isBelowHead)),
    ],
    pageParams,
  }
}

function overlaps(pages: readonly CallPage[], head: CallPage): boolean {
  if (head.nextCursor === null) return false // The head is the whole list.
  const loaded = loadedIds(pages)
  return head.items.some((call) => loaded.has(call.id))
}

/** Newest first, equal times by id: the server's order of `-startedAt`. */
function isOlder(call: CallRow, than: CallRow): boolean {
  if (call.startedAt === than.startedAt) return call.id < than.id
  return Date.parse(call.startedAt) < Date.parse(than.startedAt)
}

function keepRows(page: CallPage, isKept: (call: CallRow) => boolean): CallPage {
  return page.items.every(isKept) ? page : { ...page, items: page.items.filter(isKept) }
}
