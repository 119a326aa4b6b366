import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { agreementApi } from '#contract/agreement-api.ts'
import { request } from './request.ts'

/** Every call has the same badges: between two calls nobody waits for them. */
const LIST_FRESH_MS = 60_000

export type AgreementRequest = { metricId: number; days: number }

/** Whoever changes a vote invalidates `all`. */
export const agreementQueries = {
  all: () => ['agreement'] as const,

  /** Metrics that people voted on lately; those without votes are left out. */
  list: () =>
    queryOptions({
      queryKey: [...agreementQueries.all(), 'list'] as const,
      queryFn: async ({ signal }) => (await request(agreementApi.listAgreement, { signal })).items,
      staleTime: LIST_FRESH_MS,
    }),

  report: ({ metricId, days }: AgreementRequest) =>
    queryOptions({
      queryKey: [...agreementQueries.all(), 'report', metricId, days] as const,
      queryFn: ({ signal }) =>
        request(agreementApi.getAgreement, {
          params: { id: metricId },
          query: { days },
          signal,
        }),
      placeholderData: keepPreviousData,
    }),
}
