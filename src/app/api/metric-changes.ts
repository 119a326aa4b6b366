import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { judgingApi } from '#contract/judging-api.ts'
import type { Metric, MetricChange } from '#contract/metric.ts'
import { metricQueries } from './metrics.ts'
import { request } from './request.ts'
import { rubricQueries } from './rubric.ts'

// Apart from the queries: lists and calls read metrics, and only their own pages change them.

export type NewMetric = z.input<typeof judgingApi.createMetric.body>

export function useCreateMetric() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewMetric) => request(judgingApi.createMetric, { body }),
    onSuccess: (metric) => keepMetric(client, metric),
    onSettled: () => invalidate(client),
  })
}

/** Shows the settings at once and takes them back if the server refuses; a new version comes with the answer. */
export function useChangeMetric() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, change }: { id: number; change: MetricChange }) =>
      request(judgingApi.changeMetric, { params: { id }, body: change }),
    onMutate: async ({ id, change }) => {
      const { addToRubric: _apart, ...shown } = change
      const before = await stopReading(client)
      setMetrics(client, (metrics) =>
        metrics.map((metric) => (metric.id === id ? { ...metric, ...shown } : metric)),
      )
      return { before }
    },
    onSuccess: (metric) => keepMetric(client, metric),
    onError: (_error, _input, context) => restore(client, context?.before),
    onSettled: () => invalidate(client),
  })
}

/** The metric leaves the list at once and comes back if the server refuses. */
export function useDeleteMetric() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => request(judgingApi.deleteMetric, { params: { id } }),
    onMutate: async (id) => {
      const before = await stopReading(client)
      setMetrics(client, (metrics) => metrics.filter((metric) => metric.id !== id))
      return { before }
    },
    onError: (_error, _id, context) => restore(client, context?.before),
    onSettled: () => invalidate(client),
  })
}

export function useRestoreMetric() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => request(judgingApi.restoreMetric, { params: { id } }),
    onSettled: () => invalidate(client),
  })
}

/** Adds metrics of the catalogue, or brings deleted ones back. */
export function useAddPredefinedMetrics() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (codes: string[]) => request(judgingApi.addPredefinedMetrics, { body: { codes } }),
    onSettled: () => invalidate(client),
  })
}

/**
 * What can be filtered by, and which rules there are, changes with the metrics. What calls got so far does not, and a
 * list of metrics would ask for the statistics of each.
 */
async function invalidate(client: QueryClient) {
  await Promise.all([
    client.invalidateQueries({
      queryKey: metricQueries.all(),
      predicate: ({ queryKey }) => queryKey[1] !== 'statistics',
    }),
    client.invalidateQueries({ queryKey: rubricQueries.all() }),
    client.invalidateQueries({ queryKey: ['filter-fields'] }),
  ])
}

/** An answer that is on its way would undo what is shown ahead of the server. Resolves with what is shown now. */
async function stopReading(client: QueryClient) {
  const { queryKey } = metricQueries.list()
  await client.cancelQueries({ queryKey })
  return client.getQueryData(queryKey)
}

type MetricList = z.output<typeof judgingApi.listMetrics.output>

function setMetrics(client: QueryClient, change: (metrics: Metric[]) => Metric[]) {
  client.setQueryData(
    metricQueries.list().queryKey,
    (list) => list && { ...list, items: change(list.items) },
  )
}

function restore(client: QueryClient, before: MetricList | undefined) {
  client.setQueryData(metricQueries.list().queryKey, before)
}

function keepMetric(client: QueryClient, metric: Metric) {
  client.setQueryData(metricQueries.detail(metric.id).queryKey, metric)
  setMetrics(client, (metrics) => metrics.map((other) => (other.id === metric.id ? metric : other)))
}
