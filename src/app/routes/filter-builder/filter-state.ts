import type { FilterGroup } from '#contract/filter.ts'
import { filterForAddress, readFilter, spellFilter } from '#contract/filter-url.ts'
import { type EditGroup, emptyGroup, toEditTree, toFilter } from '../../filters/edit-tree.ts'
import { type History, record, startHistory, travel } from '../../filters/history.ts'

export type BuilderState = {
  history: History<EditGroup>
  /** `filter` of the address as it was last looked at. */
  seen: string
  /** Texts on their way into the address, oldest first. */
  pending: readonly string[]
  /** The address's filter where it cannot be read; null: it can. */
  broken: string | null
}

export function startBuilder(text: string): BuilderState {
  const parsed = readFilter(text)
  const tree = parsed.ok ? toEditTree(parsed.filter) : emptyGroup()
  return {
    history: startHistory(tree),
    seen: text,
    pending: [],
    broken: parsed.ok ? null : text,
  }
}

/**
 * The state after the address has changed. What we wrote ourselves changes nothing. A filter that has been here goes
 * back, or forth, to where it was; another one is a new step.
 */
export function adoptAddress(state: BuilderState, text: string, nowMs: number): BuilderState {
  const arrived = state.pending.indexOf(text)
  if (arrived !== -1) return { ...state, seen: text, pending: state.pending.slice(arrived + 1) }
  const parsed = readFilter(text)
  if (!parsed.ok) return { ...state, seen: text, pending: [], broken: text }
  const wanted = spellFilter(parsed.filter)
  const known = isAt(state.history.present, wanted)
    ? state.history
    : travel(state.history, (tree) => isAt(tree, wanted))
  const history = known ?? record(state.history, toEditTree(parsed.filter), { nowMs })
  return { history, seen: text, pending: [], broken: null }
}

export function spelledTree(tree: EditGroup): string {
  return spellFilter(toFilter(tree).filter)
}

function isAt(tree: EditGroup, spelled: string): boolean {
  return spelledTree(tree) === spelled
}

export type AddressParts = { filter: string; search: string; call: string }

/** The search part of the page's address; `''` for an empty builder. Params of others are kept. */
export function builderSearch(parts: AddressParts, others = new URLSearchParams()): string {
  const rest = new URLSearchParams(others)
  for (const name of ['filter', 'search', 'call']) rest.delete(name)
  const own = [
    parts.filter && `filter=${filterForAddress(parts.filter)}`,
    parts.search && new URLSearchParams({ search: parts.search }).toString(),
    parts.call && new URLSearchParams({ call: parts.call }).toString(),
    rest.toString(),
  ].filter(Boolean)
  return own.length > 0 ? `?${own.join('&')}` : ''
}

/**
 * What a person may paste where a filter is typed: a whole link, its search part, or the filter alone. `search` is
 * null where the text says nothing of it.
 */
export function readLink(text: string): { filter: string; search: string | null } {
  const trimmed = text.trim()
  const isLink = /^(https?:\/\/|\/|\?)/.test(trimmed)
  if (!isLink) return { filter: text, search: null }
  const params = new URLSearchParams(trimmed.slice(trimmed.indexOf('?') + 1).replace(/#.*$/s, ''))
  return { filter: params.get('filter') ?? '', search: params.get('search') ?? '' }
}

export function jsonText(filter: FilterGroup): string {
  return JSON.stringify(filter, null, 2)
}
