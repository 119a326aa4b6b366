import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '#contract/api.ts'
import type { CallDetail } from '#contract/call.ts'
import { type CallPages, withoutRow } from './call-rows.ts'
import { callQueries } from './calls.ts'
import { request } from './request.ts'

// Apart from the queries: the list reads calls, and only the page of a call changes one.

/** Deletes for good. The row leaves every list at once and comes back if the server refuses. */
export function useDeleteCall() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => request(api.deleteCall, { params: { id } }),
    onMutate: async (id) => {
      await client.cancelQueries({ queryKey: callQueries.lists() })
      const before = client.getQueriesData<CallPages>({ queryKey: callQueries.lists() })
      client.setQueriesData<CallPages>(
        { queryKey: callQueries.lists() },
        (pages) => pages && withoutRow(pages, id),
      )
      return { before }
    },
    onError: (_error, _id, context) => {
      for (const [key, pages] of context?.before ?? []) client.setQueryData(key, pages)
    },
    onSuccess: (_answer, id) => {
      client.removeQueries({ queryKey: callQueries.detail(id).queryKey })
    },
    onSettled: () => client.invalidateQueries({ queryKey: callQueries.counts() }),
  })
}

/** Fetches or analyses a recording again; the call shows as waiting until the server says more. */
export function useRetryRecording() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => request(api.retryRecording, { params: { id } }),
    onMutate: async (id) => {
      const { queryKey } = callQueries.detail(id)
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData(queryKey)
      client.setQueryData(queryKey, (call) => call && withRecordingRetried(call))
      return { before }
    },
    onError: (_error, id, context) => {
      client.setQueryData(callQueries.detail(id).queryKey, context?.before)
    },
    onSettled: (_answer, _error, id) =>
      client.invalidateQueries({ queryKey: callQueries.detail(id).queryKey }),
  })
}

/** Exchanges agent and caller; the answer is the changed call. */
export function useSwapSpeakers() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => request(api.swapSpeakers, { params: { id } }),
    onSuccess: (call) => client.setQueryData(callQueries.detail(call.id).queryKey, call),
  })
}

function withRecordingRetried(call: CallDetail): CallDetail {
  return { ...call, recordingState: call.recording ? 'analysing' : 'waiting', errorMessage: null }
}
