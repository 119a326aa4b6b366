import { queryOptions, useQuery } from '@tanstack/react-query'
import { api } from '#contract/api.ts'
import type { CallSelection } from '#contract/call.ts'
import { request } from './request.ts'
import { createTurns } from './take-turns.ts'

// Counts in the navigation are never urgent: what the open page asks for goes first.
const takeTurn = createTurns(1)

export const viewQueries = {
  all: () => ['views'] as const,
  /** The shared views and the visitor's own, pinned ones first, then by name. */
  list: () =>
    queryOptions({
      queryKey: [...viewQueries.all(), 'list'] as const,
      queryFn: async ({ signal }) => (await request(api.listViews, { signal })).items,
    }),

  /**
   * How many calls a view has, one view at a time. Not below `callQueries.all()`: what refreshes the counts of the
   * open list would refresh those of every pinned view with it. `usePinnedCounts` decides when.
   */
  count: ({ search = '', filter = '' }: CallSelection) =>
    queryOptions({
      queryKey: ['view-counts', search, filter] as const,
      queryFn: ({ signal }) =>
        takeTurn(async () => {
          const query = { search, filter }
          return (await request(api.countCalls, { query, signal })).count
        }, signal),
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    }),
}

export function useViews() {
  return useQuery(viewQueries.list())
}
