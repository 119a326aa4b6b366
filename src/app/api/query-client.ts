import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { markUnreachable } from './reachability.ts'
import { ApiError, NetworkError } from './request.ts'

const MAX_RETRIES = 2

/**
 * `onUnauthorized` runs when any query or mutation is answered with 401, except for those with
 * `meta: { handlesUnauthorized: true }`.
 */
export function createQueryClient({ onUnauthorized }: { onUnauthorized: () => void }): QueryClient {
  const handleError = (error: Error, meta: Record<string, unknown> | undefined) => {
    if (error instanceof NetworkError) markUnreachable()
    if (isUnauthorized(error) && !meta?.handlesUnauthorized) onUnauthorized()
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => handleError(error, query.meta) }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => handleError(error, mutation.meta),
    }),
    defaultOptions: {
      queries: { staleTime: 15_000, retry: shouldRetry },
      // A mutation tried without a server fails at once and says so, rather than wait in silence.
      mutations: { networkMode: 'always' },
    },
  })
}

/** Without an answer: for as long as it takes, paused by `markUnreachable`. Server faults: twice. */
export function shouldRetry(failureCount: number, error: Error): boolean {
  if (error instanceof NetworkError) {
    markUnreachable()
    return true
  }
  return error instanceof ApiError && error.status >= 500 && failureCount < MAX_RETRIES
}

export function isUnauthorized(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401
}
