import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { api } from '#contract/api.ts'
import { type CallPage, withoutRow } from '../../api/call-rows.ts'
import {
  CALL_PAGE_LIMIT,
  type CallRowsQuery,
  callQueries,
  fetchCallRows,
  putCallRows,
} from '../../api/calls.ts'
import { useLiveCalls } from '../../api/live-calls.ts'
import { request } from '../../api/request.ts'
import { countNew, loadedIds, mergeHead } from './call-pages.ts'
import { isNewestFirst } from './list-sort.ts'
import { createTrailing } from './trailing.ts'

/** Changes come in bursts: one look at the server answers for all of these milliseconds. */
const ROWS_WAIT = { waitMs: 150 }
const HEAD_WAIT = { waitMs: 300, gapMs: 1000 }
/** An exact count of a big table can take its database a third of a second. */
const COUNT_WAIT = { waitMs: 500, gapMs: 3000 }

type Arrivals = { head: CallPage; count: number }

type UseLiveRowsOptions = {
  query: CallRowsQuery
  /** The rows were in the cache before this list was shown: what changed meanwhile is unknown. */
  isFromCache: boolean
}

/**
 * Keeps the rows of one list fresh without moving them. Changed rows are read again once they are in
 * view. New calls are asked of the server with the list's own query; at the top of a newest-first
 * list they go in, anywhere else they only count up until `showArrivals`.
 */
export function useLiveRows({ query, isFromCache }: UseLiveRowsOptions) {
  const client = useQueryClient()
  const { queryKey } = callQueries.list(query)
  const staleIds = useRef(new Set<number>())
  const view = useRef<{ ids: readonly number[]; isAtTop: boolean }>({ ids: [], isAtTop: true })
  const countSeen = useRef<number | null>(null)
  const [leftIds, setLeftIds] = useState<ReadonlySet<number>>(NONE)
  const [arrivals, setArrivals] = useState<Arrivals | null>(null)

  // A page on its way would be put behind the pages as they were when it set out.
  const whenNoPageIsLoading = () =>
    client
      .getQueryCache()
      .find({ queryKey })
      ?.promise?.catch(() => undefined)

  const putHead = (head: CallPage) => {
    client.setQueryData(queryKey, (pages) => pages && mergeHead(pages, head))
    setArrivals(null)
  }

  const refreshVisibleRows = useEffectEvent(async () => {
    const ids = view.current.ids.filter((id) => staleIds.current.has(id))
    if (ids.length === 0) return
    for (const id of ids) staleIds.current.delete(id)
    try {
      const { items: rows, leftIds: nowLeft } = await fetchCallRows(ids, query)
      await whenNoPageIsLoading()
      putCallRows(client, { rows, metrics: query.metrics })
      setLeftIds((before) => replaced(before, { asked: ids, left: nowLeft }))
      const found = new Set(rows.map((row) => row.id))
      for (const id of ids.filter((one) => !found.has(one))) {
        client.setQueryData(queryKey, (pages) => pages && withoutRow(pages, id))
      }
    } catch {
      // No answer: they are still stale, and the next event or scroll tries again.
      for (const id of ids) staleIds.current.add(id)
    }
  })

  const lookForArrivals = useEffectEvent(async () => {
    // In another order new calls can be anywhere; `recount` tells how many there are.
    if (!isNewestFirst(query)) return
    const head = await readHead(query)
    await whenNoPageIsLoading()
    const pages = client.getQueryData(queryKey)
    if (!head || !pages) return
    if (view.current.isAtTop) return putHead(head)
    const count = countNew(pages.pages, head)
    setArrivals(count > 0 ? { head, count } : null)
  })

  const recount = useEffectEvent(async () => {
    const before = client.getQueryData(callQueries.count(query).queryKey)?.count ?? null
    await client.invalidateQueries({ queryKey: callQueries.counts() })
    const after = client.getQueryData(callQueries.count(query).queryKey)?.count ?? null
    if (isNewestFirst(query) || after === null) return
    countSeen.current ??= before
    const count = after - (countSeen.current ?? after)
    if (count <= 0) return setArrivals(null)
    const head = await readHead(query)
    if (head) setArrivals({ head, count })
  })

  const [later] = useState(() => ({
    rows: createTrailing(ROWS_WAIT),
    head: createTrailing(HEAD_WAIT),
    count: createTrailing(COUNT_WAIT),
  }))

  const catchUp = useEffectEvent(() => {
    const pages = client.getQueryData(queryKey)?.pages ?? []
    staleIds.current = loadedIds(pages)
    later.rows.schedule(() => void refreshVisibleRows())
    later.head.schedule(() => void lookForArrivals())
    later.count.schedule(() => void recount())
  })

  useLiveCalls(
    (ids) => {
      const loaded = loadedIds(client.getQueryData(queryKey)?.pages ?? [])
      for (const id of ids) if (loaded.has(id)) staleIds.current.add(id)
      later.rows.schedule(() => void refreshVisibleRows())
      later.count.schedule(() => void recount())
      if (ids.some((id) => !loaded.has(id))) later.head.schedule(() => void lookForArrivals())
    },
    () => catchUp(),
  )

  const catchUpIfCached = useEffectEvent(() => {
    if (isFromCache) catchUp()
  })
  // Other columns of metrics are another cached list, under the same rows on the screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `metrics` decides which list it is
  useEffect(() => catchUpIfCached(), [query.metrics])
  useEffect(
    () => () => {
      for (const timer of Object.values(later)) timer.cancel()
    },
    [later],
  )

  return {
    /** Rows that changed since they were listed and are no longer what the search and the filter ask for, as the server said. */
    leftIds,
    /** New calls that are not shown; 0 for none. */
    arrivalCount: arrivals?.count ?? 0,
    /** The server may have more new calls than one page of them can tell. */
    isArrivalCountPartial: isNewestFirst(query) && arrivals?.count === arrivals?.head.items.length,
    /** Puts the new calls into the list; the caller scrolls to the top. */
    showArrivals() {
      if (!arrivals) return
      if (isNewestFirst(query)) return putHead(arrivals.head)
      countSeen.current = null
      client.setQueryData(queryKey, { pages: [arrivals.head], pageParams: [undefined] })
      setArrivals(null)
    },
    /** Call when scrolling has come to rest: which rows are in view. */
    reportView(ids: readonly number[], isAtTop: boolean) {
      view.current = { ids, isAtTop }
      if (staleIds.current.size > 0) later.rows.schedule(() => void refreshVisibleRows())
      if (isAtTop && arrivals && isNewestFirst(query)) putHead(arrivals.head)
    },
  }
}

const NONE: ReadonlySet<number> = new Set()

/** What is known of the asked ones is known anew; of the others it stays. */
function replaced(
  before: ReadonlySet<number>,
  { asked, left }: { asked: readonly number[]; left: readonly number[] },
): ReadonlySet<number> {
  if (before.size === 0 && left.length === 0) return before
  const others = [...before].filter((id) => !asked.includes(id))
  return new Set([...others, ...left])
}

async function readHead(query: CallRowsQuery): Promise<CallPage | null> {
  try {
    return await request(api.listCalls, { query: { ...query, limit: CALL_PAGE_LIMIT } })
  } catch {
    // The list is still right as of its last look; the next event tries again.
    return null
  }
}
