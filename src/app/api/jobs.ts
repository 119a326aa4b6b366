import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { settingsApi } from '#contract/settings-api.ts'
import { request } from './request.ts'

export const jobQueries = {
  /** Work that failed for good, newest first. */
  dead: () =>
    queryOptions({
      queryKey: ['dead-jobs'] as const,
      queryFn: async ({ signal }) => (await request(settingsApi.listDeadJobs, { signal })).items,
    }),
}

export function useDeadJobs() {
  return useQuery(jobQueries.dead())
}

/** Puts failed work back in line. It leaves the list at once and comes back if the server refuses. */
export function useRequeueJob() {
  const client = useQueryClient()
  const { queryKey } = jobQueries.dead()
  return useMutation({
    mutationFn: (id: number) => request(settingsApi.requeueDeadJob, { params: { id } }),
    onMutate: async (id) => {
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData(queryKey)
      client.setQueryData(queryKey, (jobs) => jobs?.filter((job) => job.id !== id))
      return { before }
    },
    onError: (_error, _id, context) => client.setQueryData(queryKey, context?.before),
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
}
