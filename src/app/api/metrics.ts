import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import { judgingApi } from '#contract/judging-api.ts'
import { metricListQuery } from './metric-list.ts'
import { request } from './request.ts'
import { createTurns } from './take-turns.ts'

// A page of sparklines is never urgent: what the open page asks for goes first.
const takeTurn = createTurns(2)

export type StatisticsRequest = { id: number; days: number }

export const metricQueries = {
  all: () => ['metrics'] as const,

  list: metricListQuery,

  detail: (id: number) =>
    queryOptions({
      queryKey: [...metricQueries.all(), 'detail', id] as const,
      queryFn: ({ signal }) => request(judgingApi.getMetric, { params: { id }, signal }),
    }),

  /** The catalogue, each entry with the project's metric where it was added. */
  predefined: () =>
    queryOptions({
      queryKey: [...metricQueries.all(), 'predefined'] as const,
      queryFn: async ({ signal }) =>
        (await request(judgingApi.listPredefinedMetrics, { signal })).items,
    }),

  /** Newest first. */
  versions: (id: number) =>
    queryOptions({
      queryKey: [...metricQueries.all(), 'versions', id] as const,
      queryFn: async ({ signal }) =>
        (await request(judgingApi.listMetricVersions, { params: { id }, signal })).items,
    }),

  statistics: ({ id, days }: StatisticsRequest) =>
    queryOptions({
      queryKey: [...metricQueries.all(), 'statistics', id, days] as const,
      queryFn: ({ signal }) =>
        request(judgingApi.getMetricStatistics, { params: { id }, query: { days }, signal }),
      placeholderData: keepPreviousData,
    }),

  /** As `statistics`, two at a time and kept for a while. */
  statisticsInTurn: ({ id, days }: StatisticsRequest) =>
    queryOptions({
      queryKey: [...metricQueries.all(), 'statistics', id, days] as const,
      queryFn: ({ signal }) =>
        takeTurn(
          () =>
            request(judgingApi.getMetricStatistics, { params: { id }, query: { days }, signal }),
          signal,
        ),
      staleTime: 60_000,
      refetchOnWindowFocus: false,
    }),
}

export function useMetrics() {
  return useQuery(metricQueries.list())
}

export type TrialRequest = z.input<typeof judgingApi.tryMetric.body>

/** What a metric would say of a call, and what counts now. Nothing is kept, here or there. */
export function tryMetric(body: TrialRequest, signal: AbortSignal) {
  return request(judgingApi.tryMetric, { body, signal })
}
