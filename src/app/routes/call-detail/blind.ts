import type { CallDetail, CallStatus } from '#contract/call.ts'
import type { CallReview } from '#contract/review.ts'
import type { QueueItem, ReviewQueue } from '#contract/review-queue.ts'
import { decidedOutcome, type Outcome } from './decision-words.ts'

type Answering = {
  item: Pick<QueueItem, 'isDone'>
  queue: Pick<ReviewQueue, 'isBlind'>
  /** Undefined until it is known. */
  review: Pick<CallReview, 'isReviewed' | 'reviewer' | 'reviewedAt'> | undefined
  /** Whose answer counts; undefined until it is known. */
  reviewer: string | undefined
}

/**
 * Whether what the judge said of a call stays hidden: in a blind queue until the reviewer has answered, which is to
 * decide about the call or to be done with it. A decision that the server has not taken yet is no answer.
 */
export function hidesJudge({ item, queue, review, reviewer }: Answering): boolean {
  if (!queue.isBlind || item.isDone) return false
  const isAnswered =
    review?.isReviewed && review.reviewer === reviewer && review.reviewedAt !== null
  return !isAnswered
}

type OwnReviewOptions<Field extends keyof CallReview> = {
  /** Undefined until it is known. */
  review: Pick<CallReview, Field> | undefined
  me: string
}

/** The feedback where the one who looks wrote it, as far as is known; empty where it may be somebody else's. */
export function ownFeedback({ review, me }: OwnReviewOptions<'feedback' | 'events'>): string {
  const newest = review?.events.find(({ kind, isStanding }) => kind === 'feedback' && isStanding)
  return review && newest?.reviewer === me ? review.feedback : ''
}

/** What the one who looks decided, also while it is on its way; null where they did not. */
export function ownOutcome({
  review,
  me,
}: OwnReviewOptions<'status' | 'reviewer'>): Outcome | null {
  return review?.reviewer === me ? decidedOutcome(review) : null
}

/** A call without what the judge, or another person, said of its outcome. */
export function withoutOutcome(call: CallDetail): CallDetail {
  return { ...call, status: 'success', isJudged: false, isReviewed: false, feedback: '' }
}

const REVIEWED: Partial<Record<CallStatus, string>> = {
  reviewed_success: 'success',
  reviewed_failure: 'failure',
}

/** “You: failure, judge: success”; null where the call was not reviewed. `judged` null: the rubric said neither. */
export function comparedOutcomes(
  { status }: Pick<CallDetail, 'status'>,
  { reviewer, judged }: { reviewer: string; judged: boolean | null },
): string | null {
  const own = REVIEWED[status]
  if (own === undefined) return null
  if (judged === null) return `${reviewer}: ${own}, judge: no outcome`
  return `${reviewer}: ${own}, judge: ${judged ? 'success' : 'failure'}`
}

/** Who decided, as the one who looks reads it. */
export function reviewerWords({
  review,
  me,
}: {
  review: Pick<CallReview, 'reviewer'> | undefined
  me: string
}): string {
  return review === undefined || review.reviewer === me ? 'You' : review.reviewer
}
