import type { BulkTarget } from '#contract/bulk-action.ts'
import type { CallSelection } from '#contract/call.ts'

/** So many calls can be named in one action (`BulkTarget`); beyond it is "all that match". */
export const MAX_CHOSEN = 1000

/**
 * Which calls of a list are chosen. `named`: these, in the order they were chosen, which may be none; `anchorId` is
 * where a range begins that shift and a click end. `all`: every call that matches, also those that are not loaded.
 */
export type Selection =
  | { kind: 'named'; ids: ReadonlySet<number>; anchorId: number | null }
  | { kind: 'all' }

export const NOTHING: Selection = { kind: 'named', ids: new Set(), anchorId: null }
export const ALL: Selection = { kind: 'all' }

type Change = {
  id: number
  /** The loaded rows in their order. */
  loadedIds: readonly number[]
}

export function isChosen(selection: Selection, id: number): boolean {
  return selection.kind === 'all' || selection.ids.has(id)
}

export function isNothing(selection: Selection): boolean {
  return selection.kind === 'named' && selection.ids.size === 0
}

/** Chooses a call, or lets go of it. Letting go of one of all leaves the other loaded ones chosen. */
export function toggleCall(selection: Selection, { id, loadedIds }: Change): Selection {
  const before = selection.kind === 'all' ? loadedIds : [...selection.ids]
  const others = before.filter((other) => other !== id)
  return named(others.length < before.length ? others : [...before, id], id)
}

/** Does to every row from the anchor to `id` what was done to the anchor; without one, toggles `id` alone. */
export function extendToCall(selection: Selection, { id, loadedIds }: Change): Selection {
  if (selection.kind === 'all' || selection.anchorId === null) {
    return toggleCall(selection, { id, loadedIds })
  }
  const { ids, anchorId } = selection
  const from = loadedIds.indexOf(anchorId)
  const to = loadedIds.indexOf(id)
  if (from === -1 || to === -1) return toggleCall(selection, { id, loadedIds })
  const range = loadedIds.slice(Math.min(from, to), Math.max(from, to) + 1)
  const inRange = new Set(range)
  const others = [...ids].filter((other) => !inRange.has(other))
  return named(ids.has(anchorId) ? [...others, ...range] : others, anchorId)
}

/** The two calls where exactly two are chosen, in that order; null otherwise. */
export function chosenPair(selection: Selection): readonly [number, number] | null {
  if (selection.kind === 'all') return null
  const [first, second, ...rest] = selection.ids
  return first === undefined || second === undefined || rest.length > 0 ? null : [first, second]
}

/** The header's box: chooses the loaded rows, or lets go of everything. */
export function toggleLoaded(selection: Selection, loadedIds: readonly number[]): Selection {
  return loadedState(selection, loadedIds) === 'all' ? NOTHING : named(loadedIds, null)
}

/** How the header's box looks. */
export function loadedState(
  selection: Selection,
  loadedIds: readonly number[],
): 'none' | 'some' | 'all' {
  if (selection.kind === 'all') return 'all'
  if (selection.ids.size === 0) return 'none'
  return loadedIds.slice(0, MAX_CHOSEN).every((id) => selection.ids.has(id)) ? 'all' : 'some'
}

/** How many calls; undefined while nobody has counted those that match. */
export function countChosen(selection: Selection, matchCount: number | undefined) {
  return selection.kind === 'all' ? matchCount : selection.ids.size
}

/** The same choice for the server; at least one call must be chosen. */
export function toTarget(selection: Selection, { search, filter }: CallSelection): BulkTarget {
  if (selection.kind === 'named') return { ids: [...selection.ids] }
  return { matching: { search, filter } }
}

function named(ids: readonly number[], anchorId: number | null): Selection {
  return { kind: 'named', ids: new Set(ids.slice(0, MAX_CHOSEN)), anchorId }
}
