import { type RefCallback, useRef } from 'react'
import type { CallDetail } from '#contract/call.ts'
import type { CallReview, ReviewDecision } from '#contract/review.ts'
import { useReview } from '../../api/review.ts'
import { useSession } from '../../api/session.ts'
import { ownFeedback, ownOutcome } from './blind.ts'
import { decidedOutcome, type Outcome, standingOutcome } from './decision-words.ts'
import { type FeedbackDraft, useFeedback } from './use-feedback.ts'
import { type ChangeReview, useReviewChange } from './use-review-change.ts'

export type Decision = {
  /** Undefined until it is here. */
  review: CallReview | undefined
  /** Who looks at the call. */
  me: string
  canDecide: boolean
  /** The call does not say its outcome. */
  isBlind: boolean
  /** What a person decided, as far as it may be seen; null for nothing. */
  decided: Outcome | null
  feedback: FeedbackDraft
  change: ChangeReview
  decide: (outcome: Outcome) => void
  takeBack: () => void
  /** Saves what was written, and lets the outcome that stands stand as a person's. False: there is none to confirm. */
  confirm: () => boolean
  /** Of the element that takes the focus when a choice is asked for. */
  choiceRef: RefCallback<HTMLElement>
  /** At once, or as soon as the choice is on the screen. */
  focusChoice: () => void
}

type UseDecisionOptions = {
  call: CallDetail
  /** Of the list or the queue the call was opened from: empty, or with its `?`. */
  search: string
  canDecide: boolean
  /** `call` comes without its outcome. */
  isBlind: boolean
}

/** What a person decides about a call and writes of it. */
export function useDecision(options: UseDecisionOptions): Decision {
  const { call, search, canDecide, isBlind } = options
  const review = useReview(call.id).data
  const me = useSession().data?.name ?? ''
  const change = useReviewChange({ call, search, isBlind })
  const decided = isBlind ? ownOutcome({ review, me }) : decidedOutcome(call)
  const feedback = useFeedback({
    callId: call.id,
    standing: isBlind ? ownFeedback({ review, me }) : call.feedback,
    canSend: canDecide,
    send: (text) => change({ kind: 'review', body: { feedback: text } }, null),
  })
  const { choiceRef, focusChoice } = useAwaitedFocus()

  const send = (decision: ReviewDecision, said: string) => {
    const seenDecisionId = review?.decisionId ?? 0
    void change({ kind: 'review', body: { decision, seenDecisionId } }, said)
  }
  const decide = (outcome: Outcome) => send(outcome, `Reviewed as ${outcome}`)
  const confirm = () => {
    feedback.save()
    if (call.isReviewed || decided !== null) return true
    const outcome = standingOutcome(call)
    if (outcome === null) return false
    decide(outcome)
    return true
  }
  return {
    review,
    me,
    canDecide,
    isBlind,
    decided,
    feedback,
    change,
    decide,
    takeBack: () => send('none', 'The decision is taken back'),
    confirm,
    choiceRef,
    focusChoice,
  }
}

/** Focuses an element that may not be on the screen yet. */
function useAwaitedFocus() {
  const element = useRef<HTMLElement | null>(null)
  const isAwaited = useRef(false)
  const choiceRef: RefCallback<HTMLElement> = (current) => {
    element.current = current
    if (!current || !isAwaited.current) return
    isAwaited.current = false
    current.focus()
  }
  const focusChoice = () => {
    if (element.current) element.current.focus()
    else isAwaited.current = true
  }
  return { choiceRef, focusChoice }
}
