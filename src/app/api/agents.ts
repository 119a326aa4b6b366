import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Agent, AgentChange, AgentInput } from '#contract/agent.ts'
import { api } from '#contract/api.ts'
import { request } from './request.ts'

export const agentQueries = {
  all: () => ['agents'] as const,
  /** Every agent, by name. */
  list: () =>
    queryOptions({
      queryKey: [...agentQueries.all(), 'list'] as const,
      queryFn: async ({ signal }) => (await request(api.listAgents, { signal })).items,
    }),
}

export function useAgents() {
  return useQuery(agentQueries.list())
}

export function useCreateAgent() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: AgentInput) => request(api.createAgent, { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: agentQueries.all() }),
  })
}

export function useChangeAgent() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, change }: { id: number; change: AgentChange }) =>
      request(api.changeAgent, { params: { id }, body: change }),
    onSuccess: (agent: Agent) => {
      client.setQueryData(agentQueries.list().queryKey, (agents) =>
        agents?.map((other) => (other.id === agent.id ? agent : other)),
      )
      return client.invalidateQueries({ queryKey: agentQueries.all() })
    },
  })
}
