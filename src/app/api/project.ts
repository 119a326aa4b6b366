import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ProjectChange, USUAL_RESPONSE_BUDGET_SECONDS } from '#contract/project.ts'
import { settingsApi } from '#contract/settings-api.ts'
import { request } from './request.ts'

export const projectQueries = {
  current: () =>
    queryOptions({
      queryKey: ['project'] as const,
      queryFn: ({ signal }) => request(settingsApi.getProject, { signal }),
    }),
}

export function useProject() {
  return useQuery(projectQueries.current())
}

/** Seconds after which a reply is slow. */
export function useResponseBudget(): number {
  return useProject().data?.responseBudgetSeconds ?? USUAL_RESPONSE_BUDGET_SECONDS
}

/** Shows the change at once and takes it back if the server refuses. */
export function useChangeProject() {
  const client = useQueryClient()
  const { queryKey } = projectQueries.current()
  return useMutation({
    mutationFn: (body: ProjectChange) => request(settingsApi.changeProject, { body }),
    onMutate: async (change) => {
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData(queryKey)
      client.setQueryData(queryKey, (project) => project && { ...project, ...change })
      return { before }
    },
    onError: (_error, _change, context) => client.setQueryData(queryKey, context?.before),
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
}
