import { useEffect, useMemo } from 'react'
import type { CallListQuery } from '#contract/call.ts'
import { shownMetrics } from '../../view-state/column-preferences.ts'
import { useViewState } from '../../view-state/use-view-state.ts'
import { useCallPages } from '../call-list/use-call-pages.ts'
import { type CallRun, findNeighbours, type Neighbours } from './neighbours.ts'

/** How far a call that is opened by a link is looked for in its list. Rows further down have no neighbours. */
const MAX_SOUGHT_ROWS = 1000

const NO_ROWS: CallRun['rows'] = []

/** The calls around one in the list that `query` shows. Loads the next page before the last row is reached. */
export function useNeighbours(
  query: CallListQuery,
  id: number,
): { neighbours: Neighbours; run: CallRun } {
  // The list that the person came from, which holds the results that its columns show.
  const metrics = shownMetrics(useViewState().preferences)
  const { list, rows: loaded } = useCallPages({ ...query, metrics })
  const { hasNextPage, isFetching, isError, isPlaceholderData, fetchNextPage } = list
  // Those of another list tell nothing about this one.
  const rows = isPlaceholderData ? NO_ROWS : loaded
  const neighbours = findNeighbours(rows, id)
  const { isUnknown, nextId } = neighbours
  const isSought = isUnknown ? rows.length < MAX_SOUGHT_ROWS : nextId === null
  const needsMore = isSought && hasNextPage && !isFetching && !isError

  useEffect(() => {
    if (needsMore) void fetchNextPage()
  }, [needsMore, fetchNextPage])

  const isGrowing = isFetching || needsMore
  const run = useMemo(() => ({ rows, isGrowing }), [rows, isGrowing])
  return { neighbours, run }
}
