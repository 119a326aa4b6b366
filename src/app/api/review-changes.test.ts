import { describe, expect, it } from 'vitest'
import type { CallReview, MetricVote } from '#contract/review.ts'
import { createStandingReviews, type ReviewChange, withReviewChange } from './review-changes.ts'

const NOW = '2026-01-02T03:04:05.000Z'

const SETTING = { reviewer: 'Ada', now: NOW, judgeStatus: 'failure' } as const

const UNTOUCHED: CallReview = {
  status: 'failure',
  isReviewed: false,
  reviewer: '',
  reviewedAt: null,
  feedback: '',
  votes: [],
  wrongCategories: [],
  events: [],
  decisionId: 0,
}

function voteOf(reviewer: string, metricId: number): MetricVote {
  return {
    eventId: 1,
    metricId,
    verdictId: 7,
    reviewer,
    agrees: true,
    expectedValue: null,
    note: '',
    createdAt: NOW,
  }
}

const change = (review: CallReview, made: ReviewChange) => withReviewChange(review, made, SETTING)

describe('withReviewChange', () => {
  it('shows a decision with who made it, without the server’s time, and keeps the words', () => {
    const before = { ...UNTOUCHED, feedback: 'Rude' }
    expect(change(before, { kind: 'review', body: { decision: 'success' } })).toEqual({
      ...before,
      status: 'reviewed_success',
      isReviewed: true,
      reviewer: 'Ada',
      reviewedAt: null,
    })
  })

  it('keeps the time of one’s own decision that one decides anew, and of nobody else’s', () => {
    const decided = { ...UNTOUCHED, isReviewed: true, reviewedAt: NOW }
    const anew: ReviewChange = { kind: 'review', body: { decision: 'success' } }
    expect(change({ ...decided, reviewer: 'Ada' }, anew).reviewedAt).toBe(NOW)
    expect(change({ ...decided, reviewer: 'Ben' }, anew).reviewedAt).toBeNull()
  })

  it('lets the judge’s outcome stand again once a decision is taken back', () => {
    const decided = change(UNTOUCHED, { kind: 'review', body: { decision: 'success' } })
    expect(change(decided, { kind: 'review', body: { decision: 'none' } })).toEqual(UNTOUCHED)
  })

  it('decides nothing by feedback alone, which may be emptied', () => {
    const before = { ...UNTOUCHED, feedback: 'Rude' }
    expect(change(before, { kind: 'review', body: { feedback: '' } })).toEqual(UNTOUCHED)
  })

  it('replaces one’s own vote on the metric and no other', () => {
    const votes = [voteOf('Ada', 1), voteOf('Ben', 1), voteOf('Ada', 2)]
    const vote = { agrees: false, expectedValue: 4, note: 'Too harsh' }
    const after = change({ ...UNTOUCHED, votes }, { kind: 'vote', metricId: 1, vote })
    expect(after.votes.map((each) => [each.reviewer, each.metricId, each.agrees])).toEqual([
      ['Ada', 1, false],
      ['Ben', 1, true],
      ['Ada', 2, true],
    ])
    expect(after.votes[0]).toMatchObject({ expectedValue: 4, note: 'Too harsh' })
  })

  it('withdraws one’s own vote alone', () => {
    const votes = [voteOf('Ada', 1), voteOf('Ben', 1)]
    const after = change({ ...UNTOUCHED, votes }, { kind: 'withdraw-vote', metricId: 1 })
    expect(after.votes.map(({ reviewer }) => reviewer)).toEqual(['Ben'])
  })

  it('marks a category once, and right again', () => {
    const wrong = { kind: 'category', categoryId: 3, isWrong: true } as const
    const marked = change(change(UNTOUCHED, wrong), wrong)
    expect(marked.wrongCategories.map(({ categoryId }) => categoryId)).toEqual([3])
    expect(change(marked, { ...wrong, isWrong: false })).toEqual(UNTOUCHED)
  })
})

describe('createStandingReviews', () => {
  const WRITTEN = { ...UNTOUCHED, feedback: 'Rude' }
  const DECIDED = { ...WRITTEN, isReviewed: true }

  it('gives back what stood before the first of several changes', () => {
    const standing = createStandingReviews()
    standing.begin(1, UNTOUCHED)
    standing.begin(1, WRITTEN)
    expect(standing.end(1)).toEqual(UNTOUCHED)
  })

  it('gives back the answer to a change that the server took before another failed', () => {
    const standing = createStandingReviews()
    standing.begin(1, UNTOUCHED)
    standing.begin(1, DECIDED)
    standing.answer(1, WRITTEN)
    expect(standing.end(1)).toEqual(WRITTEN)
  })

  it('begins anew after the last change, for each call', () => {
    const standing = createStandingReviews()
    standing.begin(1, UNTOUCHED)
    standing.begin(2, WRITTEN)
    standing.end(1)
    expect(standing.end(1)).toBeUndefined()
    expect(standing.end(2)).toEqual(WRITTEN)
  })
})
