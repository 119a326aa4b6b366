import { CallListQuery, CallSort, CallStatus, NEWEST_FIRST, parseCallSort } from '#contract/call.ts'
import { Density, type SavedView, type ViewColumn } from '#contract/view.ts'
import { clampWidth, isColumn } from './column-preferences.ts'

/** What an address says of a list. */
export type UrlView = {
  search: string
  /** As `filter-url.ts` spells it, or whatever came: it may be unreadable. Empty for every call. */
  filter: string
  sort: CallSort
  /** Null: as this browser is set up. */
  columns: readonly ViewColumn[] | null
  density: Density | null
  /** The saved view that the rest is compared with. */
  viewId: number | null
}

/** Every call, newest first. */
export const PLAIN_VIEW: UrlView = {
  search: '',
  filter: '',
  sort: NEWEST_FIRST,
  columns: null,
  density: null,
  viewId: null,
}

/** `status` and `agentId` are of older links, and become rules. */
const PARAMS = ['view', 'search', 'filter', 'status', 'agentId', 'sort', 'cols', 'density'] as const
type Param = (typeof PARAMS)[number]

/**
 * The view that search params spell. What is malformed is left out, since a typo in an order harms nobody; but a filter
 * stays as it came, readable or not: leaving it out would show every call as if that had been asked for.
 */
export function parseUrlView(params: URLSearchParams): UrlView {
  const text = (name: Param) => params.get(name) ?? ''
  const search = CallListQuery.shape.search.safeParse(text('search')).data ?? ''
  return {
    search,
    filter: filterOf(params),
    sort: sortFor(CallSort.safeParse(text('sort')).data ?? NEWEST_FIRST, search),
    columns: parseColumns(text('cols')),
    density: Density.safeParse(text('density')).data ?? null,
    viewId: /^\d{1,15}$/.test(text('view')) ? Number(text('view')) : null,
  }
}

/** The other direction: `''` for the plain view, otherwise with its leading `?`. Equal views give equal text. */
export function urlViewSearch(view: UrlView): string {
  return joined(spellView(view))
}

/** The part of it that decides which calls are listed, and in which order. */
export function listSearch({
  search,
  filter,
  sort,
}: Pick<UrlView, 'search' | 'filter' | 'sort'>): string {
  return urlViewSearch({ ...PLAIN_VIEW, search, filter, sort })
}

/** `listSearch` of a view after a change. */
export function changedSearch(
  view: Pick<UrlView, 'search' | 'filter' | 'sort'>,
  changes: Partial<Pick<UrlView, 'search' | 'filter' | 'sort'>>,
): string {
  return listSearch({ ...view, ...changes })
}

/** `params` with their view exchanged and those of others kept. With a leading `?` unless empty. */
export function withUrlView(params: URLSearchParams, view: UrlView): string {
  const others = [...params].filter(([name]) => !PARAMS.some((own) => own === name))
  return joined([...others, ...spellView(view)])
}

/** What the server is asked for. */
export function listQueryOf({ search, filter, sort }: UrlView): CallListQuery {
  return {
    ...(search && { search }),
    ...(filter && { filter }),
    ...(sort !== NEWEST_FIRST && { sort }),
  }
}

/** The address of a saved view, which carries all of it: it shows the same after the view has been changed or deleted. */
export function savedViewSearch({ id, state }: Pick<SavedView, 'id' | 'state'>): string {
  return urlViewSearch({ ...state, viewId: id })
}

/** Only a search can be ordered by how well it fits. */
export function sortFor(sort: CallSort, search: string): CallSort {
  if (parseCallSort(sort).key !== 'relevance') return sort
  return search.trim() === '' ? NEWEST_FIRST : 'relevance'
}

function spellView(view: UrlView): [string, string][] {
  const sort = sortFor(view.sort, view.search)
  const pairs: [Param, string][] = [
    ['view', view.viewId === null ? '' : String(view.viewId)],
    ['search', view.search],
    ['filter', view.filter],
    ['sort', sort === NEWEST_FIRST ? '' : sort],
    ['cols', spellColumns(view.columns ?? [])],
    ['density', view.density ?? ''],
  ]
  return pairs.filter(([, value]) => value !== '')
}

function joined(pairs: readonly (readonly [string, string])[]): string {
  if (pairs.length === 0) return ''
  // `URLSearchParams` would encode commas and brackets, and nobody could read a filter any more.
  return `?${pairs.map(([name, value]) => `${encodeURIComponent(name)}=${addressed(value)}`).join('&')}`
}

/** `status,callId.220,metric:7`: columns from left to right, with a width in pixels where one was set. */
function spellColumns(columns: readonly ViewColumn[]): string {
  return columns
    .map(({ id, widthPixels }) => (widthPixels === undefined ? id : `${id}.${widthPixels}`))
    .join(',')
}

function parseColumns(text: string): ViewColumn[] | null {
  const columns = new Map<string, ViewColumn>()
  for (const part of text.split(',')) {
    const [, id = '', width] = /^([\w:]+)(?:\.(\d{1,4}))?$/.exec(part) ?? []
    if (!isColumn(id) || columns.has(id)) continue
    columns.set(id, width === undefined ? { id } : { id, widthPixels: clampWidth(Number(width)) })
  }
  return columns.size === 0 ? null : [...columns.values()]
}

/** The text is not read here: a plain list needs nothing of the language, and is on the screen sooner without it. */
function filterOf(params: URLSearchParams): string {
  const text = params.get('filter') ?? ''
  // JSON has no place for more rules; no link ever had both.
  if (text.trimStart().startsWith('{')) return text
  // What stands side by side in the text has to hold all at once.
  return [text, ...olderRules(params)].filter((part) => part.trim() !== '').join(',')
}

/** As `filter-url.ts` would spell them. */
function olderRules(params: URLSearchParams): string[] {
  const status = params.get('status') ?? ''
  const isStatus = status === 'not-evaluated' || CallStatus.safeParse(status).success
  const agentId = params.get('agentId') ?? ''
  return [
    ...(isStatus ? [`outcome.eq.${status}`] : []),
    ...(/^\d{1,15}$/.test(agentId) ? [`agent.id.eq.${agentId}`] : []),
  ]
}

/** A value for an address, encoded no further than needed, so that a filter stays readable. */
function addressed(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll('%2C', ',')
    .replaceAll('%3A', ':')
    .replaceAll('%20', '+')
    .replaceAll("'", '%27')
}
