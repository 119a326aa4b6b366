import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { shareApi } from '#contract/share-api.ts'
import { request } from './request.ts'

export const shareQueries = {
  /** The standing links of a call, newest first. */
  ofCall: (callId: number) =>
    queryOptions({
      queryKey: ['share-links', callId] as const,
      queryFn: async ({ signal }) =>
        (await request(shareApi.listShareLinks, { params: { id: callId }, signal })).items,
    }),
}

/** The answer's `url` is readable this once. It is kept in no cache. */
export function useCreateShareLink(callId: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (days: number) =>
      request(shareApi.createShareLink, { params: { id: callId }, body: { days } }),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: shareQueries.ofCall(callId).queryKey }),
  })
}

export function useRevokeShareLink(callId: number) {
  const client = useQueryClient()
  const { queryKey } = shareQueries.ofCall(callId)
  return useMutation({
    mutationFn: (id: number) => request(shareApi.revokeShareLink, { params: { id } }),
    onSuccess: (_answer, id) =>
      client.setQueryData(queryKey, (links) => links?.filter((link) => link.id !== id)),
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
}
