import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { judgingApi } from '#contract/judging-api.ts'
import type { Rubric } from '#contract/rubric.ts'
import { request } from './request.ts'

export const rubricQueries = {
  all: () => ['rubric'] as const,
  current: () =>
    queryOptions({
      queryKey: [...rubricQueries.all(), 'current'] as const,
      queryFn: ({ signal }) => request(judgingApi.getRubric, { signal }),
    }),
}

export function useRubric() {
  return useQuery(rubricQueries.current())
}

/** Replaces the rubric as a whole. Calls keep their outcome until they are judged again. */
export function useChangeRubric() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Rubric) => request(judgingApi.changeRubric, { body }),
    onSuccess: (rubric) => client.setQueryData(rubricQueries.current().queryKey, rubric),
    onSettled: () => client.invalidateQueries({ queryKey: rubricQueries.all() }),
  })
}
