import { keepPreviousData, queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import { api } from '#contract/api.ts'
import type { CallSelection } from '#contract/call.ts'
import type { Facet } from '#contract/facet.ts'
import { filterApi } from '#contract/filter-api.ts'
import { callQueries } from './calls.ts'
import { request } from './request.ts'
import { createTurns } from './take-turns.ts'

export type FacetRequest = CallSelection & { field: string; contains?: string }
/** Spelled out, so that what takes it as a prop needs no types of this room. */
export type FacetQuery = {
  queryKey: readonly unknown[]
  queryFn: (context: { signal: AbortSignal }) => Promise<Facet>
}
export type ExplainRequest = CallSelection & { call: string }

/** First rows of the builder's preview. */
const PREVIEW_LIMIT = 12

// Counts of single rules are many and never urgent: the rows and the count of the whole go first.
const takeTurn = createTurns(2)

/** All hang below `callQueries.all()`: what changes calls makes these stale as well. */
export const filterQueries = {
  all: () => [...callQueries.all(), 'filter'] as const,

  fields: () =>
    queryOptions({
      queryKey: ['filter-fields'] as const,
      queryFn: ({ signal }) => request(filterApi.listFilterFields, { signal }),
      staleTime: 60_000,
    }),

  /** Exact, with the time it took from here and back. */
  count: (selection: CallSelection) =>
    queryOptions({
      queryKey: [...filterQueries.all(), 'count', tidy(selection)] as const,
      queryFn: ({ signal }) => timedCount(selection, signal),
      placeholderData: keepPreviousData,
    }),

  /** As `count`, two at a time. */
  countInTurn: (selection: CallSelection) =>
    queryOptions({
      queryKey: [...filterQueries.all(), 'count', tidy(selection)] as const,
      queryFn: ({ signal }) => takeTurn(() => timedCount(selection, signal), signal),
    }),

  /** The first matching calls, newest first. */
  preview: (selection: CallSelection) =>
    queryOptions({
      queryKey: [...filterQueries.all(), 'preview', tidy(selection)] as const,
      queryFn: async ({ signal }) => {
        const query = { ...tidy(selection), limit: PREVIEW_LIMIT }
        return (await request(api.listCalls, { query, signal })).items
      },
      placeholderData: keepPreviousData,
    }),

  facet: (wanted: FacetRequest): FacetQuery => {
    const { field, contains = '', ...selection } = wanted
    return {
      queryKey: [...filterQueries.all(), 'facet', field, contains, tidy(selection)],
      queryFn: ({ signal }) =>
        request(filterApi.getFacet, { query: { ...tidy(selection), field, contains }, signal }),
    }
  },

  explanation: ({ call, ...selection }: ExplainRequest) =>
    queryOptions({
      queryKey: [...filterQueries.all(), 'explanation', call, tidy(selection)] as const,
      queryFn: ({ signal }) =>
        request(filterApi.explainFilter, { body: { ...tidy(selection), call }, signal }),
    }),
}

export function useFilterFields() {
  return useQuery(filterQueries.fields())
}

/** A sentence becomes a filter as `filter-url.ts` spells it, or a reason why not. */
export function useProposeFilter() {
  return useMutation({
    mutationFn: (sentence: string) => request(filterApi.proposeFilter, { body: { sentence } }),
  })
}

async function timedCount(selection: CallSelection, signal: AbortSignal) {
  const startedMs = performance.now()
  const { count } = await request(api.countCalls, { query: tidy(selection), signal })
  return { count, tookMs: performance.now() - startedMs }
}

// `{ search: '' }` and `{}` are one question and must be one key.
function tidy({ search, filter }: CallSelection): CallSelection {
  return { ...(search && { search }), ...(filter && { filter }) }
}
