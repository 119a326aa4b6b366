import {
  CallListQuery,
  type CallSort,
  type CallSortKey,
  NEWEST_FIRST,
  parseCallSort,
} from '#contract/call.ts'

const FIELDS = ['search', 'status', 'agentId', 'sort'] as const

/** The list query that search params spell. Fields that are empty, malformed or unknown are left out: a link with a typo shows more calls, never an error. */
export function parseCallListQuery(params: URLSearchParams): CallListQuery {
  const given = FIELDS.flatMap((field) => {
    const text = params.get(field)
    if (!text) return []
    const parsed = CallListQuery.shape[field].safeParse(text)
    return parsed.success ? [[field, parsed.data] as const] : []
  })
  const query: CallListQuery = Object.fromEntries(given)
  return query.sort === NEWEST_FIRST ? withoutSort(query) : query
}

/** The other direction: `''` for the default view, otherwise with its leading `?`. Fields come in one order, so equal queries give equal text. */
export function callListSearch(query: CallListQuery): string {
  const params = new URLSearchParams()
  for (const field of FIELDS) {
    const value = query[field]
    if (value === undefined || value === '') continue
    if (field === 'sort' && value === NEWEST_FIRST) continue
    params.set(field, String(value))
  }
  const text = params.toString()
  return text && `?${text}`
}

/** `params` with its list query exchanged and all others kept. */
export function withCallListQuery(params: URLSearchParams, query: CallListQuery): URLSearchParams {
  const next = new URLSearchParams(params)
  for (const field of FIELDS) next.delete(field)
  for (const [field, value] of new URLSearchParams(callListSearch(query))) next.set(field, value)
  return next
}

/** What narrows the list; the order does not. */
export function hasFilter(query: CallListQuery): boolean {
  return Boolean(query.search || query.status || query.agentId !== undefined)
}

export function isNewestFirst(query: CallListQuery): boolean {
  return (query.sort ?? NEWEST_FIRST) === NEWEST_FIRST
}

/** Times and lengths are wanted newest and longest first, texts from A. */
const FIRST_DIRECTION: Record<CallSortKey, 'asc' | 'desc'> = {
  startedAt: 'desc',
  durationSeconds: 'desc',
  status: 'asc',
  agentName: 'asc',
  customerNumber: 'asc',
  endedReason: 'asc',
  topic: 'asc',
}

/** The order after a press on the header of `key`: its usual direction first, then the other one. */
export function nextSort(current: CallSort | undefined, key: CallSortKey): CallSort {
  const { key: currentKey, direction } = parseCallSort(current ?? NEWEST_FIRST)
  if (currentKey !== key) return toSort(key, FIRST_DIRECTION[key])
  return toSort(key, direction === 'asc' ? 'desc' : 'asc')
}

function toSort(key: CallSortKey, direction: 'asc' | 'desc'): CallSort {
  return direction === 'desc' ? `-${key}` : key
}

function withoutSort({ sort: _, ...rest }: CallListQuery): CallListQuery {
  return rest
}
