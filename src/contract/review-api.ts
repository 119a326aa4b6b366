import { z } from 'zod'
import { ById, endpoint } from './endpoint.ts'
import {
  CallReview,
  MAX_NOTE_LENGTH,
  MetricVoteInput,
  ReviewChanged,
  ReviewInput,
} from './review.ts'

const Id = z.coerce.number().int().positive()

/** What people decide about calls and results. Apart from `api`, as `judgingApi` is. */
export const reviewApi = {
  getReview: endpoint({
    method: 'GET',
    path: '/api/calls/:id/review',
    summary: 'What people decided and said of a call',
    access: 'read',
    params: ById,
    output: CallReview,
  }),
  reviewCall: endpoint({
    method: 'POST',
    path: '/api/calls/:id/review',
    summary: 'Decide about a call, or write feedback; 409 if somebody else decided meanwhile',
    access: 'write',
    params: ById,
    body: ReviewInput,
    output: ReviewChanged,
  }),
  voteOnMetric: endpoint({
    method: 'POST',
    path: '/api/calls/:id/votes/:metricId',
    summary: 'Say whether a result is right, and what it should have been',
    access: 'write',
    params: ById.extend({ metricId: Id }),
    body: MetricVoteInput,
    output: ReviewChanged,
  }),
  withdrawVote: endpoint({
    method: 'DELETE',
    path: '/api/calls/:id/votes/:metricId',
    summary: 'Take one’s own vote back',
    access: 'write',
    params: ById.extend({ metricId: Id }),
    output: ReviewChanged,
  }),
  markCategory: endpoint({
    method: 'POST',
    path: '/api/calls/:id/categories/:categoryId',
    summary: 'Mark a deviation as wrongly found, or as rightly found after all',
    access: 'write',
    params: ById.extend({ categoryId: Id }),
    body: z.object({ isWrong: z.boolean(), feedback: z.string().max(MAX_NOTE_LENGTH).default('') }),
    output: ReviewChanged,
  }),
  undoReviewEvent: endpoint({
    method: 'POST',
    path: '/api/review-events/:id/undo',
    summary: 'Take one’s own last word back; 409 if something newer stands in its place',
    access: 'write',
    params: ById,
    output: ReviewChanged,
  }),
}
