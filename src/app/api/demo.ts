import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '#contract/api.ts'
import { agentQueries } from './agents.ts'
import { callQueries } from './calls.ts'
import { request } from './request.ts'

export const demoQueries = {
  current: () =>
    queryOptions({
      queryKey: ['demo'] as const,
      queryFn: ({ signal }) => request(api.getDemo, { signal }),
    }),
}

export function useDemo() {
  return useQuery(demoQueries.current())
}

/** Removes the demo calls with their recordings and agents. */
export function useRemoveDemo() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => request(api.removeDemo, {}),
    onSuccess: () => {
      client.setQueryData(demoQueries.current().queryKey, { callCount: 0 })
      return Promise.all([
        client.invalidateQueries({ queryKey: callQueries.all() }),
        client.invalidateQueries({ queryKey: agentQueries.all() }),
      ])
    },
  })
}
