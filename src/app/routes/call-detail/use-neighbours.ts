import { useEffect } from 'react'
import type { CallListQuery } from '#contract/call.ts'
import { useCallPages } from '../call-list/use-call-pages.ts'
import { findNeighbours, type Neighbours } from './neighbours.ts'

/** How far a call that is opened by a link is looked for in its list. Rows further down have no neighbours. */
const MAX_SOUGHT_ROWS = 1000

/** The calls around one in the list that `query` shows. Loads the next page before the last row is reached. */
export function useNeighbours(query: CallListQuery, id: number): Neighbours {
  const { list, rows } = useCallPages(query)
  const { hasNextPage, isFetching, isError, fetchNextPage } = list
  const neighbours = findNeighbours(rows, id)
  const { isUnknown, nextId } = neighbours
  const isSought = isUnknown ? rows.length < MAX_SOUGHT_ROWS : nextId === null
  const needsMore = isSought && hasNextPage && !isFetching && !isError

  useEffect(() => {
    if (needsMore) void fetchNextPage()
  }, [needsMore, fetchNextPage])

  return neighbours
}
