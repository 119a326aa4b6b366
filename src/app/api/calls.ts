import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
} from '@tanstack/react-query'
import { api, type CallRow, recordingPeaksPath } from '#contract/api.ts'
import type { CallListQuery, CallSelection } from '#contract/call.ts'
import { type CallPages, withNewerRows, withOtherResults } from './call-rows.ts'
import { toPeakRows } from './peaks.ts'
import { request, send } from './request.ts'

/** Rows per request of the list. */
export const CALL_PAGE_LIMIT = 60

/** `metrics`: whose results the rows hold, as `shownMetrics` spells it; `''` for none. */
export type CallRowsQuery = CallListQuery & { metrics: string }

export type PeaksInput = { recordingId: number; pointsPerSecond: number; channels: number }

export const callQueries = {
  all: () => ['calls'] as const,
  lists: () => [...callQueries.all(), 'list'] as const,
  counts: () => [...callQueries.all(), 'count'] as const,

  /** Pages by keyset. The rows of another filter stay on screen while these load. */
  list: (query: CallRowsQuery) =>
    infiniteQueryOptions({
      queryKey: [...callQueries.lists(), tidy(query)] as const,
      queryFn: ({ pageParam, signal }) =>
        request(api.listCalls, {
          query: { ...tidy(query), cursor: pageParam, limit: CALL_PAGE_LIMIT },
          signal,
        }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
      placeholderData: keepPreviousData,
      // A refetch asks for every loaded page again; the live channel keeps the rows fresh instead.
      refetchOnWindowFocus: false,
    }),

  /** Exact, with the milliseconds it took. May be slower than the rows: never wait for it. */
  count: ({ search, filter }: CallSelection) =>
    queryOptions({
      queryKey: [...callQueries.counts(), tidy({ search, filter })] as const,
      queryFn: async ({ signal }) => {
        const startedMs = performance.now()
        const { count } = await request(api.countCalls, { query: tidy({ search, filter }), signal })
        return { count, tookMs: performance.now() - startedMs }
      },
      placeholderData: keepPreviousData,
    }),

  detail: (id: number) =>
    queryOptions({
      queryKey: [...callQueries.all(), 'detail', id] as const,
      queryFn: ({ signal }) => request(api.getCall, { params: { id }, signal }),
    }),

  /** One zoom level of a recording's waveform: a row per channel, values 0..1. */
  peaks: ({ recordingId, pointsPerSecond, channels }: PeaksInput) =>
    queryOptions({
      queryKey: ['peaks', recordingId, pointsPerSecond, channels] as const,
      queryFn: async ({ signal }) => {
        const response = await send(recordingPeaksPath(recordingId, pointsPerSecond), { signal })
        return toPeakRows(new Uint8Array(await response.arrayBuffer()), channels)
      },
      // A stored recording never changes.
      staleTime: Number.POSITIVE_INFINITY,
      structuralSharing: false,
    }),
}

const SEARCH_LIMIT = 8

/** The few best calls for a text: an id, a number, words that were said. For the command palette. */
export function callSearchQuery(search: string) {
  return queryOptions({
    queryKey: [...callQueries.all(), 'search', search] as const,
    queryFn: async ({ signal }) =>
      (await request(api.listCalls, { query: { search, limit: SEARCH_LIMIT }, signal })).items,
  })
}

/** The newest call that a filter lets through, if there is one. */
export function newestCallQuery(filter: string) {
  return queryOptions({
    queryKey: [...callQueries.all(), 'newest', filter] as const,
    queryFn: async ({ signal }) =>
      (await request(api.listCalls, { query: { filter, limit: 1 }, signal })).items,
  })
}

/**
 * The current rows of the given ids, unknown ones left out, and which of them a selection does not have. Not cached.
 */
export async function fetchCallRows(
  ids: readonly number[],
  { search, filter, metrics }: CallRowsQuery,
): Promise<{ items: CallRow[]; leftIds: number[] }> {
  if (ids.length === 0) return { items: [], leftIds: [] }
  const query = { ids: ids.join(','), ...tidy({ search, filter, metrics }) }
  return request(api.getCalls, { query })
}

/** Writes newer rows with the results of `metrics` into every cached list that holds them, in their place; adds none. */
export function putCallRows(
  client: QueryClient,
  { rows, metrics }: { rows: readonly CallRow[]; metrics: string },
) {
  const { lists, list } = callQueries
  for (const [key, pages] of client.getQueriesData<CallPages>({ queryKey: lists() })) {
    if (!pages) continue
    const [, , query] = key as ReturnType<typeof list>['queryKey']
    const hasSameMetrics = (query.metrics ?? '') === metrics
    const put = hasSameMetrics ? withNewerRows : withOtherResults
    client.setQueryData(key, put(pages, rows))
  }
}

// `{ search: '' }`, `{ search: undefined }` and `{}` are one question and must be one key.
function tidy(
  query: { [Key in keyof CallRowsQuery]?: CallRowsQuery[Key] | undefined },
): Partial<CallRowsQuery> {
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== undefined && value !== ''),
  )
}
