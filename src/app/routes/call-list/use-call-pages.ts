import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, type CallRow, MAX_PAGE_LIMIT } from '#contract/api.ts'
import { CALL_PAGE_LIMIT, type CallRowsQuery, callQueries } from '../../api/calls.ts'
import { request } from '../../api/request.ts'
import { flattenPages } from './call-pages.ts'

const KEPT_MS = 30 * 60_000

const NO_ROWS: CallRow[] = []

/**
 * The rows loaded so far. Never refetched by itself, since that would ask for every loaded page
 * again: `useLiveRows` keeps them fresh. Kept for half an hour after leaving, to come back to.
 */
export function useCallPages(
  query: CallRowsQuery,
  { isEnabled }: { isEnabled: boolean } = { isEnabled: true },
) {
  const options = callQueries.list(query)
  const list = useInfiniteQuery({
    ...options,
    enabled: isEnabled,
    // A short first page is on the screen sooner; long ones after it keep up with fast scrolling.
    queryFn: ({ pageParam, signal }) =>
      request(api.listCalls, {
        query: {
          ...query,
          cursor: pageParam,
          limit: pageParam === undefined ? CALL_PAGE_LIMIT : MAX_PAGE_LIMIT,
        },
        signal,
      }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
    refetchOnMount: false,
    refetchOnReconnect: false,
  })
  const pages = list.data?.pages
  const rows = useMemo(() => (pages ? flattenPages(pages) : NO_ROWS), [pages])
  return { list, rows }
}
