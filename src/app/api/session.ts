import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { SignIn } from '#contract/access.ts'
import { api } from '#contract/api.ts'
import { request } from './request.ts'

export const sessionQueries = {
  current: () =>
    queryOptions({
      queryKey: ['session'] as const,
      queryFn: ({ signal }) => request(api.getSession, { signal }),
      staleTime: 5 * 60_000,
    }),
}

export function useSession() {
  return useQuery(sessionQueries.current())
}

/** Opens a browser session. A refused key or token is this mutation's own error, not a redirect. */
export function useSignIn() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: SignIn) => request(api.signIn, { body }),
    meta: { handlesUnauthorized: true },
    onSuccess: (session) => {
      client.clear()
      client.setQueryData(sessionQueries.current().queryKey, session)
    },
  })
}

/** Ends the session; nothing of it stays in memory. */
export function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => request(api.signOut, {}),
    meta: { handlesUnauthorized: true },
    onSuccess: () => client.clear(),
  })
}
