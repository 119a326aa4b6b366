import { describe, expect, it } from 'vitest'
import type { ReviewEvent } from '#contract/review.ts'
import { comparedOutcomes, hidesJudge, ownFeedback, ownOutcome, reviewerWords } from './blind.ts'

const NOBODY = { isReviewed: false, reviewer: '', reviewedAt: null }
const DECIDED = { isReviewed: true, reviewer: 'Ana', reviewedAt: '2026-01-02T03:04:05.000Z' }
const OPEN = { item: { isDone: false }, queue: { isBlind: true }, review: NOBODY, reviewer: 'Ana' }

describe('hidesJudge', () => {
  it('hides in a blind queue until the reviewer has decided, or is done', () => {
    expect(hidesJudge(OPEN)).toBe(true)
    expect(hidesJudge({ ...OPEN, review: DECIDED })).toBe(false)
    expect(hidesJudge({ ...OPEN, item: { isDone: true } })).toBe(false)
  })

  it('hides on when somebody else has decided, and while nobody knows', () => {
    expect(hidesJudge({ ...OPEN, review: { ...DECIDED, reviewer: 'Ben' } })).toBe(true)
    expect(hidesJudge({ ...OPEN, review: undefined, reviewer: undefined })).toBe(true)
  })

  it('hides on while the decision is on its way to the server', () => {
    expect(hidesJudge({ ...OPEN, review: { ...DECIDED, reviewedAt: null } })).toBe(true)
  })

  it('hides nothing in other queues', () => {
    expect(hidesJudge({ ...OPEN, queue: { isBlind: false } })).toBe(false)
  })
})

describe('ownFeedback', () => {
  const written = (reviewer: string, isStanding = true): ReviewEvent => ({
    id: 1,
    kind: 'feedback',
    reviewer,
    createdAt: '2026-01-02T03:04:05.000Z',
    metricId: null,
    text: 'Wrote feedback: Rude',
    isStanding,
  })
  const seenBy = (me: string, events: ReviewEvent[]) =>
    ownFeedback({ review: { feedback: 'Rude', events }, me })

  it('shows what the one who looks wrote last', () => {
    expect(seenBy('Ana', [written('Ana'), written('Ben', false)])).toBe('Rude')
    expect(seenBy('Ana', [written('Ben', false), written('Ana')])).toBe('Rude')
  })

  it('hides what somebody else wrote, and what nobody is known to have written', () => {
    expect(seenBy('Ana', [written('Ben'), written('Ana', false)])).toBe('')
    expect(seenBy('Ana', [])).toBe('')
    expect(ownFeedback({ review: undefined, me: 'Ana' })).toBe('')
  })
})

describe('ownOutcome', () => {
  it('knows the decision of the one who looks alone', () => {
    const review = { status: 'reviewed_failure', reviewer: 'Ana' } as const
    expect(ownOutcome({ review, me: 'Ana' })).toBe('failure')
    expect(ownOutcome({ review, me: 'Ben' })).toBeNull()
    expect(ownOutcome({ review: { status: 'failure', reviewer: '' }, me: '' })).toBeNull()
  })
})

describe('comparedOutcomes', () => {
  const by = { reviewer: 'You', judged: true }

  it('puts the person beside the judge', () => {
    expect(comparedOutcomes({ status: 'reviewed_failure' }, by)).toBe(
      'You: failure, judge: success',
    )
    expect(comparedOutcomes({ status: 'reviewed_success' }, { ...by, judged: null })).toBe(
      'You: success, judge: no outcome',
    )
  })

  it('says nothing while only the judge has spoken', () => {
    expect(comparedOutcomes({ status: 'failure' }, by)).toBeNull()
  })

  it('names who decided where that was somebody else', () => {
    expect(reviewerWords({ review: { reviewer: 'Ana' }, me: 'Ana' })).toBe('You')
    expect(reviewerWords({ review: { reviewer: 'Ben' }, me: 'Ana' })).toBe('Ben')
  })
})
