import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { filterQueries } from '../../api/filters.ts'
import { useLiveCalls } from '../../api/live-calls.ts'
import { createTrailing } from '../call-list/trailing.ts'

/** A look at the server is one exact count per rule: a burst of calls may not ask for them anew each time. */
const WAIT = { waitMs: 500, gapMs: 5000 }

/** Keeps the counts, the rows and the explanation fresh while calls arrive, and after the server was away. */
export function useLiveResult() {
  const client = useQueryClient()
  const [later] = useState(() => createTrailing(WAIT))
  const refresh = () =>
    later.schedule(() => {
      // A count that takes longer than the gap would otherwise be begun again and again.
      void client.invalidateQueries({ queryKey: filterQueries.all() }, { cancelRefetch: false })
    })
  useLiveCalls(refresh, refresh)
  useEffect(() => () => later.cancel(), [later])
}
