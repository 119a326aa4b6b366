import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { queueApi } from '#contract/queue-api.ts'
import { QUEUE_LOCK_SECONDS, type QueueItem, type ReviewQueue } from '#contract/review-queue.ts'
import { request } from './request.ts'

/** Tells this window from every other; a page that is loaded anew is another. */
const SESSION = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
  byte.toString(16).padStart(2, '0'),
).join('')

/** Often enough that one lost answer does not cost the lock. */
const RENEW_MS = (QUEUE_LOCK_SECONDS / 4) * 1000

type QueueCall = { queueId: number; callId: number }

/** A call as its reviewer has it, with the queue of the same moment. */
type OpenQueueCall = { item: QueueItem; queue: ReviewQueue }

export const queueQueries = {
  all: () => ['queues'] as const,

  /** Newest first, at most 100. */
  list: () =>
    queryOptions({
      queryKey: [...queueQueries.all(), 'list'] as const,
      queryFn: async ({ signal }) => (await request(queueApi.listQueues, { signal })).items,
    }),

  one: (id: number) =>
    queryOptions({
      queryKey: [...queueQueries.all(), id, 'one'] as const,
      queryFn: ({ signal }) => request(queueApi.getQueue, { params: { id }, signal }),
    }),

  summary: (id: number) =>
    queryOptions({
      queryKey: [...queueQueries.all(), id, 'summary'] as const,
      queryFn: ({ signal }) => request(queueApi.getQueueSummary, { params: { id }, signal }),
    }),

  /** Takes the next call: asked anew by every page that begins or ends a queue. */
  start: (id: number) =>
    queryOptions({
      queryKey: [...queueQueries.all(), id, 'start'] as const,
      queryFn: () => request(queueApi.takeNext, { params: { id }, body: { session: SESSION } }),
      gcTime: 0,
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    }),

  /**
   * Opens a call of a queue and keeps it while it is looked at: asked again before the lock ends, and on coming back to
   * the window.
   */
  openCall: ({ queueId, callId }: QueueCall) =>
    queryOptions({
      queryKey: [...queueQueries.all(), queueId, 'call', callId] as const,
      queryFn: ({ signal }) =>
        request(queueApi.openQueueCall, {
          params: { id: queueId, callId },
          body: { session: SESSION },
          signal,
        }),
      refetchInterval: RENEW_MS,
      // A recording plays on in a tab that is not looked at.
      refetchIntervalInBackground: true,
      refetchOnWindowFocus: 'always',
      staleTime: 0,
    }),
}

type NewQueue = z.input<typeof queueApi.createQueue.body>

export function useCreateQueue() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewQueue) => request(queueApi.createQueue, { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: queueQueries.list().queryKey }),
  })
}

/** The queue leaves the list at once and comes back if the server refuses. */
export function useDeleteQueue() {
  const client = useQueryClient()
  const { queryKey } = queueQueries.list()
  return useMutation({
    mutationFn: (id: number) => request(queueApi.deleteQueue, { params: { id } }),
    onMutate: async (id) => {
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData(queryKey)
      client.setQueryData(queryKey, (queues) => queues?.filter((queue) => queue.id !== id))
      return { before }
    },
    onError: (_error, _id, context) => client.setQueryData(queryKey, context?.before),
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
}

export function useRestoreQueue() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => request(queueApi.restoreQueue, { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: queueQueries.list().queryKey }),
  })
}

/** Leaves a call as done or put off and takes the next, in one step. The answer's call is open by then. */
export function useNextInQueue({ queueId, callId }: QueueCall) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (as: 'done' | 'skipped') =>
      request(queueApi.takeNext, {
        params: { id: queueId },
        body: { session: SESSION, leaving: { callId, as } },
      }),
    onSuccess: ({ item, queue }) => {
      if (item) putOpenCall(client, { item, queue })
      return readProgressAgain(client, queueId)
    },
  })
}

/** Takes "done" back: the call is to be reviewed again. */
export function useReopenQueueCall() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ queueId, callId }: QueueCall) =>
      request(queueApi.closeQueueCall, {
        params: { id: queueId, callId },
        body: { session: SESSION, as: 'reopened' },
      }),
    onSuccess: (open) => {
      putOpenCall(client, open)
      return readProgressAgain(client, open.item.queueId)
    },
  })
}

function putOpenCall(client: QueryClient, open: OpenQueueCall): void {
  const { queueId, callId } = open.item
  client.setQueryData(queueQueries.openCall({ queueId, callId }).queryKey, open)
}

function readProgressAgain(client: QueryClient, queueId: number): Promise<unknown> {
  return Promise.all([
    client.invalidateQueries({ queryKey: queueQueries.list().queryKey }),
    client.invalidateQueries({ queryKey: queueQueries.summary(queueId).queryKey }),
  ])
}

/** Lets a call go as it was; also while the page goes away. Nobody waits for it: the lock ends by itself. */
export function releaseQueueCall({ queueId, callId }: QueueCall): void {
  const { path, method } = queueApi.closeQueueCall
  const url = path.replace(':id', String(queueId)).replace(':callId', String(callId))
  const body = JSON.stringify({ session: SESSION, as: 'released' })
  const headers = { 'content-type': 'application/json' }
  void fetch(url, { method, headers, body, keepalive: true }).catch(() => undefined)
}
