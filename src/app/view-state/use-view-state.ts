import { useMemo } from 'react'
import { useLocation, useNavigate } from 'react-router'
import type { CallListQuery } from '#contract/call.ts'
import type { ViewState } from '#contract/view.ts'
import {
  type ColumnPreferences,
  DEFAULT_PREFERENCES,
  fromViewColumns,
  toViewColumns,
} from './column-preferences.ts'
import { useColumnPreferences } from './use-column-preferences.ts'
import {
  listQueryOf,
  listSearch,
  parseUrlView,
  sortFor,
  type UrlView,
  urlViewSearch,
  withUrlView,
} from './view-url.ts'

/** `viewId`: another saved view to compare with; null for none. */
export type ViewChange = Partial<ViewState> & { viewId?: number | null }

/** `replace` for steps that "back" should not stop at, such as letters while typing. */
export type ChangeOptions = { replace: boolean }

/**
 * The whole state of the list, owned by the URL. Only columns and density are this browser's own, until a view is open
 * or a link brings some along: from then on they too are in the URL, and what the browser has stored stays as it is.
 */
export function useViewState() {
  const { search: address } = useLocation()
  const navigate = useNavigate()
  const stored = useColumnPreferences()
  const search = urlViewSearch(parseUrlView(new URLSearchParams(address)))
  // The same view is the same object, whatever else changes in the address.
  const view = useMemo(() => parseUrlView(new URLSearchParams(search)), [search])
  const isLookInUrl = hasOwnLook(view)
  const preferences = useMemo(
    () => preferencesOf(view, stored.preferences),
    [view, stored.preferences],
  )
  const state = useMemo(() => stateOf(view, preferences), [view, preferences])
  const queryText = listSearch(view)
  const query: CallListQuery = useMemo(
    () => listQueryOf(parseUrlView(new URLSearchParams(queryText))),
    [queryText],
  )

  const change = (changes: ViewChange, options: ChangeOptions = { replace: false }) => {
    const next = changedView({ view, state, changes })
    if (!hasOwnLook(next) && (changes.columns || changes.density)) {
      stored.change(
        fromViewColumns(changes.columns ?? state.columns, changes.density ?? state.density),
      )
    }
    const nextAddress = withUrlView(new URLSearchParams(address), next)
    if (urlViewSearch(next) !== search) navigate({ search: nextAddress }, options)
  }
  const changePreferences = (changes: Partial<ColumnPreferences>) => {
    if (!isLookInUrl) return stored.change(changes)
    const next = { ...preferences, ...changes }
    change({ columns: toViewColumns(next), density: next.density }, { replace: true })
  }
  const resetPreferences = () => {
    if (isLookInUrl) changePreferences(DEFAULT_PREFERENCES)
    else stored.reset()
  }

  return {
    /** All of it, as a saved view keeps it. */
    state,
    /** The saved view it is compared with. */
    viewId: view.viewId,
    /** The same for the server. The same object for as long as it asks for the same calls. */
    query,
    /** As `urlViewSearch` spells it: for links that lead back here. */
    search,
    /** As `listSearch` spells it: which calls, in which order. */
    queryText,
    change,
    /** Columns and density of a view or link, which are not this browser's own. */
    isLookInUrl,
    preferences,
    changePreferences,
    resetPreferences,
  }
}

export type ViewStateHandle = ReturnType<typeof useViewState>

/** The view after a change. Whatever opens a saved view puts columns and density into the URL. */
export function changedView({
  view,
  state,
  changes,
}: {
  view: UrlView
  state: ViewState
  changes: ViewChange
}): UrlView {
  const search = changes.search ?? view.search
  const viewId = changes.viewId === undefined ? view.viewId : changes.viewId
  const isLookInUrl = viewId !== null || hasOwnLook(view)
  return {
    search,
    filter: changes.filter ?? view.filter,
    sort: sortFor(changes.sort ?? view.sort, search),
    columns: isLookInUrl ? (changes.columns ?? state.columns) : null,
    density: isLookInUrl ? (changes.density ?? state.density) : null,
    viewId,
  }
}

function hasOwnLook({ columns, density, viewId }: UrlView): boolean {
  return columns !== null || density !== null || viewId !== null
}

function preferencesOf(view: UrlView, stored: ColumnPreferences): ColumnPreferences {
  const density = view.density ?? stored.density
  if (view.columns) return fromViewColumns(view.columns, density)
  return density === stored.density ? stored : { ...stored, density }
}

function stateOf(view: UrlView, preferences: ColumnPreferences): ViewState {
  return {
    search: view.search,
    filter: view.filter,
    sort: view.sort,
    columns: toViewColumns(preferences),
    density: preferences.density,
  }
}
