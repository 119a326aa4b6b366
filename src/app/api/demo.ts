import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { settingsApi } from '#contract/settings-api.ts'
import { agentQueries } from './agents.ts'
import { callQueries } from './calls.ts'
import { request } from './request.ts'

export const demoQueries = {
  current: () =>
    queryOptions({
      queryKey: ['demo'] as const,
      queryFn: ({ signal }) => request(settingsApi.getDemo, { signal }),
    }),
}

export function useDemo() {
  return useQuery(demoQueries.current())
}

/** Removes the demo calls with their recordings and agents. */
export function useRemoveDemo() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => request(settingsApi.removeDemo, {}),
    onSuccess: () => {
      client.setQueryData(demoQueries.current().queryKey, { callCount: 0 })
      return Promise.all([
        client.invalidateQueries({ queryKey: callQueries.all() }),
        client.invalidateQueries({ queryKey: agentQueries.all() }),
      ])
    },
  })
}
