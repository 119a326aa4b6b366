import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { callQueries } from '../../api/calls.ts'

/** The pointer or the keys have rested on a call for this long: it may be opened next. */
const REST_MS = 90

/** Reads a call ahead once it has been approached for a moment. */
export function useDetailPrefetch() {
  const client = useQueryClient()
  const [timer] = useState(() => ({
    current: undefined as ReturnType<typeof setTimeout> | undefined,
  }))
  useEffect(() => () => clearTimeout(timer.current), [timer])
  return useCallback(
    (id: number) => {
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void client.prefetchQuery(callQueries.detail(id)), REST_MS)
    },
    [client, timer],
  )
}
