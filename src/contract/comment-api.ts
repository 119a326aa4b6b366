import { z } from 'zod'
import { CallComment, CallCommentChange, CallCommentInput } from './comment.ts'
import { ById, endpoint } from './endpoint.ts'

/** What people write on calls. Apart from `api`, as `judgingApi` is. */
export const commentApi = {
  listComments: endpoint({
    method: 'GET',
    path: '/api/calls/:id/comments',
    summary: 'The comments of a call, by second, those on the whole call first, replies by age',
    access: 'read',
    params: ById,
    output: z.object({ items: z.array(CallComment) }),
  }),
  addComment: endpoint({
    method: 'POST',
    path: '/api/calls/:id/comments',
    summary: 'Comment on a call, one of its seconds or segments, or reply',
    access: 'write',
    params: ById,
    body: CallCommentInput,
    output: CallComment,
  }),
  changeComment: endpoint({
    method: 'PATCH',
    path: '/api/comments/:id',
    summary: 'Edit one’s own comment, or resolve a thread',
    access: 'write',
    params: ById,
    body: CallCommentChange,
    output: CallComment,
  }),
  deleteComment: endpoint({
    method: 'DELETE',
    path: '/api/comments/:id',
    summary: 'Delete one’s own comment with its replies; it can be restored',
    access: 'write',
    params: ById,
    output: z.object({ deleted: z.boolean() }),
  }),
  restoreComment: endpoint({
    method: 'POST',
    path: '/api/comments/:id/restore',
    summary: 'Bring a deleted comment back',
    access: 'write',
    params: ById,
    output: CallComment,
  }),
}
