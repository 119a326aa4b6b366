import { queryOptions } from '@tanstack/react-query'
import { request } from './request.ts'

/**
 * Every metric, by category and name, and what the judge is. Apart from the other queries, with the endpoint fetched by
 * the first question: the call list reads the names of its metric columns, and most lists show none.
 */
export const metricListQuery = () =>
  queryOptions({
    queryKey: ['metrics', 'list'] as const,
    queryFn: async ({ signal }) => {
      const { judgingApi } = await import('#contract/judging-api.ts')
      return request(judgingApi.listMetrics, { signal })
    },
  })
