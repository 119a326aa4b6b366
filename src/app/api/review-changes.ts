import type { CallStatus } from '#contract/call.ts'
import type { CallReview, MetricVoteInput, ReviewInput } from '#contract/review.ts'

/** What a person does to a call. `review` is a decision, some words, or both. */
export type ReviewChange =
  | { kind: 'review'; body: ReviewInput }
  | { kind: 'vote'; metricId: number; vote: MetricVoteInput }
  | { kind: 'withdraw-vote'; metricId: number }
  | { kind: 'category'; categoryId: number; isWrong: boolean }
  | { kind: 'undo'; eventId: number }

type ChangeSetting = {
  /** Who does it. */
  reviewer: string
  /** ISO 8601. */
  now: string
  /** What stands once nobody decides. */
  judgeStatus: CallStatus
}

/**
 * By call, what the server last said of a review while changes of it are on their way: what stands once they have
 * failed.
 */
export function createStandingReviews() {
  const standing = new Map<number, CallReview>()
  return {
    /** Before a change is shown; the first one counts, since what the others find is not the server's word. */
    begin: (callId: number, shown: CallReview): void => {
      if (!standing.has(callId)) standing.set(callId, shown)
    },
    /** The answer to one change while others are on their way. */
    answer: (callId: number, review: CallReview): void => {
      standing.set(callId, review)
    },
    /** No change is on its way any more. Undefined where none has begun. */
    end: (callId: number): CallReview | undefined => {
      const review = standing.get(callId)
      standing.delete(callId)
      return review
    },
  }
}

/**
 * The review as it will be once the server has taken the change. Events are the server's to write, and what an undo
 * brings back is known to it alone: both stay. The time of a person's first decision is the server's too: until then
 * it is null, by which a decision on its way is told from one that was taken.
 */
export function withReviewChange(
  review: CallReview,
  change: ReviewChange,
  setting: ChangeSetting,
): CallReview {
  switch (change.kind) {
    case 'review':
      return withDecision(withFeedback(review, change.body), change.body, setting)
    case 'vote':
      return withVote(review, change, setting)
    case 'withdraw-vote':
      return { ...review, votes: otherVotes(review, change.metricId, setting.reviewer) }
    case 'category':
      return withCategory(review, change, setting)
    case 'undo':
      return review
    default:
      return change satisfies never
  }
}

function withFeedback(review: CallReview, { feedback }: ReviewInput): CallReview {
  return feedback === undefined ? review : { ...review, feedback }
}

function withDecision(
  review: CallReview,
  { decision }: ReviewInput,
  { reviewer, judgeStatus }: ChangeSetting,
): CallReview {
  if (decision === undefined) return review
  if (decision === 'none') {
    return { ...review, status: judgeStatus, isReviewed: false, reviewer: '', reviewedAt: null }
  }
  const isOwn = review.isReviewed && review.reviewer === reviewer
  const reviewedAt = isOwn ? review.reviewedAt : null
  return { ...review, status: `reviewed_${decision}`, isReviewed: true, reviewer, reviewedAt }
}

function withVote(
  review: CallReview,
  { metricId, vote }: Extract<ReviewChange, { kind: 'vote' }>,
  { reviewer, now }: ChangeSetting,
): CallReview {
  const { agrees, expectedValue = null, note = '' } = vote
  const mine = {
    // Not given yet; nothing looks a vote up by it.
    eventId: 0,
    metricId,
    verdictId: null,
    reviewer,
    agrees,
    expectedValue,
    note,
    createdAt: now,
  }
  return { ...review, votes: [mine, ...otherVotes(review, metricId, reviewer)] }
}

function otherVotes({ votes }: CallReview, metricId: number, reviewer: string) {
  return votes.filter((vote) => vote.metricId !== metricId || vote.reviewer !== reviewer)
}

function withCategory(
  review: CallReview,
  { categoryId, isWrong }: Extract<ReviewChange, { kind: 'category' }>,
  { reviewer, now }: ChangeSetting,
): CallReview {
  const others = review.wrongCategories.filter((mark) => mark.categoryId !== categoryId)
  const mark = { categoryId, feedback: '', reviewer, createdAt: now }
  return { ...review, wrongCategories: isWrong ? [...others, mark] : others }
}
