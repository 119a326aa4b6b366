import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { CallComment, CallCommentChange } from '#contract/comment.ts'
import { commentApi } from '#contract/comment-api.ts'
import { callQueries } from './calls.ts'
import { request } from './request.ts'

export const commentQueries = {
  /** Below the calls, so that whatever reads calls again reads their comments again too. */
  all: () => [...callQueries.all(), 'comments'] as const,

  /** Threads by second, those on the whole call first, each followed by its replies. */
  ofCall: (callId: number) =>
    queryOptions({
      queryKey: [...commentQueries.all(), callId] as const,
      queryFn: async ({ signal }) =>
        (await request(commentApi.listComments, { params: { id: callId }, signal })).items,
    }),
}

export type NewComment = z.input<typeof commentApi.addComment.body>

/** The answer is the kept comment, which is in the list by then. */
export function useAddComment(callId: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewComment) =>
      request(commentApi.addComment, { params: { id: callId }, body }),
    // Waited for: the form stays until what was written is seen in the list.
    onSuccess: () => readAgain(client, callId),
  })
}

export type CommentChange = { id: number; change: CallCommentChange }

/** Shows the change at once and takes it back if the server refuses. */
export function useChangeComment(callId: number) {
  const client = useQueryClient()
  const { queryKey } = commentQueries.ofCall(callId)
  const put = (id: number, change: Partial<CallComment>) =>
    client.setQueryData(queryKey, (comments) =>
      comments?.map((comment) => (comment.id === id ? { ...comment, ...change } : comment)),
    )
  return useMutation({
    mutationFn: ({ id, change }: CommentChange) =>
      request(commentApi.changeComment, { params: { id }, body: change }),
    onMutate: async ({ id, change }) => {
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData(queryKey)?.find((comment) => comment.id === id)
      put(id, change)
      return { before }
    },
    // Only this comment is taken back: others may have changed since.
    onError: (_error, { id }, context) => context?.before && put(id, context.before),
    onSettled: () => readAgain(client, callId),
  })
}

/** The comment and its replies leave the list at once and come back if the server refuses. */
export function useDeleteComment(callId: number) {
  const client = useQueryClient()
  const { queryKey } = commentQueries.ofCall(callId)
  return useMutation({
    mutationFn: (id: number) => request(commentApi.deleteComment, { params: { id } }),
    onMutate: async (id) => {
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData(queryKey)
      client.setQueryData(queryKey, (comments) =>
        comments?.filter((comment) => comment.id !== id && comment.parentId !== id),
      )
      return { before }
    },
    onError: (_error, _id, context) => client.setQueryData(queryKey, context?.before),
    onSettled: () => readAgain(client, callId),
  })
}

export function useRestoreComment(callId: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => request(commentApi.restoreComment, { params: { id } }),
    onSuccess: () => readAgain(client, callId),
  })
}

function readAgain(client: QueryClient, callId: number): Promise<void> {
  return client.invalidateQueries({ queryKey: commentQueries.ofCall(callId).queryKey })
}
