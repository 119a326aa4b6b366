import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'

/** The pointer or the keys have rested on a call for this long: it may be opened next. */
const REST_MS = 60

/** Reads a call ahead, with its waveform and its page's code, once it has been approached for a moment. */
export function useDetailPrefetch() {
  const client = useQueryClient()
  const [timer] = useState(() => ({
    current: undefined as ReturnType<typeof setTimeout> | undefined,
  }))
  useEffect(() => () => clearTimeout(timer.current), [timer])
  return useCallback(
    (id: number) => {
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void readAhead(client, id), REST_MS)
    },
    [client, timer],
  )
}

/** Guesses wrong at no cost: what fails here is asked for again, and said, when the call is opened. */
async function readAhead(client: QueryClient, id: number): Promise<void> {
  await Promise.allSettled([
    import('../call-detail/call-detail-page.tsx'),
    import('../call-detail/recording-peaks.ts').then(({ prefetchCall }) =>
      prefetchCall(client, id),
    ),
  ])
}
