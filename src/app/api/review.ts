import {
  type QueryClient,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import type { CallStatus } from '#contract/call.ts'
import type { CallReview, ReviewChanged } from '#contract/review.ts'
import { reviewApi } from '#contract/review-api.ts'
import { agreementQueries } from './agreement.ts'
import { type CallPages, withChangedRow } from './call-rows.ts'
import { callQueries } from './calls.ts'
import { useLiveCalls } from './live-calls.ts'
import { request } from './request.ts'
import { createStandingReviews, type ReviewChange, withReviewChange } from './review-changes.ts'
import { sessionQueries } from './session.ts'
import { verdictQueries } from './verdicts.ts'

export const reviewQueries = {
  /** Below the calls, so that whatever reads calls again reads what people said of them again too. */
  ofCall: (callId: number) =>
    queryOptions({
      queryKey: [...callQueries.all(), 'review', callId] as const,
      queryFn: ({ signal }) => request(reviewApi.getReview, { params: { id: callId }, signal }),
    }),
}

/** What people said of a call, kept fresh while others go on saying it. */
export function useReview(callId: number) {
  const client = useQueryClient()
  useLiveCalls((ids) => {
    // The answer to one's own change brings the same news, and must not be overtaken by an older one.
    const isChanging = client.isMutating({ mutationKey: changeKey(callId) }) > 0
    if (!ids.includes(callId) || isChanging) return
    void client.invalidateQueries({ queryKey: reviewQueries.ofCall(callId).queryKey })
  })
  return useQuery(reviewQueries.ofCall(callId))
}

/** Reads a review again and resolves with it; throws as `request` does. */
export function refetchReview(client: QueryClient, callId: number): Promise<CallReview> {
  return client.fetchQuery({ ...reviewQueries.ofCall(callId), staleTime: 0 })
}

const standingReviews = createStandingReviews()

/**
 * Changes a review: at once in the page of the call and in every list, and back if the server refuses. One change after
 * the other, also after the page was left.
 */
export function useChangeReview(callId: number) {
  const client = useQueryClient()
  const mutationKey = changeKey(callId)
  const { queryKey } = reviewQueries.ofCall(callId)
  const isLast = () => client.isMutating({ mutationKey }) === 1
  return useMutation({
    mutationKey,
    mutationFn: (change: ReviewChange) => sendChange(callId, change),
    scope: { id: `review-${callId}` },
    onMutate: async (change) => {
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData(queryKey)
      const setting = {
        reviewer: client.getQueryData(sessionQueries.current().queryKey)?.name ?? '',
        now: new Date().toISOString(),
        judgeStatus: judgeStatusOf(client, callId),
      }
      if (!before) return
      standingReviews.begin(callId, before)
      putReview(client, callId, withReviewChange(before, change, setting))
    },
    onSuccess: ({ review }) => {
      standingReviews.answer(callId, review)
      // What is on its way may already be on the screen.
      if (isLast()) putStanding(client, callId)
    },
    onError: () => {
      if (isLast()) putStanding(client, callId)
    },
    onSettled: (_answer, error) => {
      void client.invalidateQueries({ queryKey: callQueries.counts() })
      void client.invalidateQueries({ queryKey: agreementQueries.all() })
      // The answer to the last change tells all that an earlier failure left unknown.
      if (!error || !isLast()) return
      void client.invalidateQueries({ queryKey })
      void client.invalidateQueries({ queryKey: callQueries.detail(callId).queryKey })
      void client.invalidateQueries({ queryKey: callQueries.lists() })
    },
  })
}

function changeKey(callId: number) {
  return ['change-review', callId] as const
}

function sendChange(callId: number, change: ReviewChange): Promise<ReviewChanged> {
  const params = { id: callId }
  switch (change.kind) {
    case 'review':
      return request(reviewApi.reviewCall, { params, body: change.body })
    case 'vote': {
      const { metricId, vote } = change
      return request(reviewApi.voteOnMetric, { params: { ...params, metricId }, body: vote })
    }
    case 'withdraw-vote':
      return request(reviewApi.withdrawVote, { params: { ...params, metricId: change.metricId } })
    case 'category': {
      const { categoryId, isWrong } = change
      return request(reviewApi.markCategory, {
        params: { ...params, categoryId },
        body: { isWrong },
      })
    }
    case 'undo':
      return request(reviewApi.undoReviewEvent, { params: { id: change.eventId } })
    default:
      return change satisfies never
  }
}

/** Once no change is on its way: what the server last said. */
function putStanding(client: QueryClient, callId: number): void {
  const review = standingReviews.end(callId)
  if (review) putReview(client, callId, review)
}

/** The review, and what call and lists show of it. */
function putReview(client: QueryClient, callId: number, review: CallReview): void {
  const { status, isReviewed, feedback } = review
  client.setQueryData(reviewQueries.ofCall(callId).queryKey, review)
  client.setQueryData(
    callQueries.detail(callId).queryKey,
    (call) => call && { ...call, status, isReviewed, feedback },
  )
  client.setQueriesData<CallPages>(
    { queryKey: callQueries.lists() },
    (pages) => pages && withChangedRow(pages, callId, (row) => ({ ...row, status, isReviewed })),
  )
}

/** The rubric's outcome; a guess until the server answers, where the results are not here. */
function judgeStatusOf(client: QueryClient, callId: number): CallStatus {
  const rubric = client.getQueryData(verdictQueries.ofCall(callId).queryKey)?.rubric
  return rubric?.success === false ? 'failure' : 'success'
}
