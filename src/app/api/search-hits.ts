import { queryOptions } from '@tanstack/react-query'
import { api } from '#contract/api.ts'
import type { SearchHit } from '#contract/search-hit.ts'
import { createBatches } from './batches.ts'
import { request } from './request.ts'

type Wanted = { id: number; search: string }

/** Rows come into view in groups: one request for all that ask within these milliseconds. */
const GATHER_MS = 60
/** As many as the endpoint takes. */
const MOST_IDS = 200

const gather = createBatches<Wanted, SearchHit | null>({
  waitMs: GATHER_MS,
  limit: MOST_IDS,
  keyOf: ({ search }) => search,
  load: async (wanted) => {
    const ids = wanted.map(({ id }) => id)
    const search = wanted[0]?.search ?? ''
    const { items } = await request(api.listSearchHits, { query: { ids: ids.join(','), search } })
    const byId = new Map(items.map((hit) => [hit.callId, hit]))
    return ids.map((id) => byId.get(id) ?? null)
  },
})

/**
 * Where a search finds its words in one call; null where it finds them elsewhere. Asked for in batches; calls that are
 * scrolled away before the request leaves are not asked for.
 */
export function searchHitQuery({ id, search }: { id: number; search: string }) {
  return queryOptions({
    queryKey: ['search-hits', search, id] as const,
    queryFn: ({ signal }) => gather({ id, search }, signal),
    staleTime: 5 * 60_000,
    retry: false,
  })
}
