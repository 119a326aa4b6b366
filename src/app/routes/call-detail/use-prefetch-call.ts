import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { prefetchCall } from './recording-peaks.ts'

/** Fetches the call that is most likely the next to be opened. */
export function usePrefetchCall(id: number | null): void {
  const client = useQueryClient()
  useEffect(() => {
    if (id === null) return
    // Failing is not this page's business: the next one asks again and says so.
    prefetchCall(client, id).catch(() => undefined)
  }, [client, id])
}
