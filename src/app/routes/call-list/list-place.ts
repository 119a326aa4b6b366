/** Where a person was in a list. */
export type ListPlace = { scrollTop: number; activeId: number | null }

const TOP: ListPlace = { scrollTop: 0, activeId: null }

/**
 * Places by list query, as `callListSearch` spells it, for as long as the page lives. Not in storage:
 * after a reload the rows above are not loaded, so there is no place to return to.
 */
const places = new Map<string, ListPlace>()

export function recallPlace(search: string): ListPlace {
  return places.get(search) ?? TOP
}

export function rememberPlace(search: string, place: Partial<ListPlace>): void {
  places.set(search, { ...recallPlace(search), ...place })
}

export function forgetPlace(search: string): void {
  places.delete(search)
}
