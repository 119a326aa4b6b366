import type { CallDetail } from '#contract/call.ts'
import type { CallReview } from '#contract/review.ts'
import { effectiveStatus, statusLabel } from '../../results/status-badge.tsx'
import type { Neighbours } from './neighbours.ts'

export type Outcome = 'success' | 'failure'

type Standing = Pick<CallDetail, 'status' | 'isJudged'>

/** What a person decided; null while nobody has. */
export function decidedOutcome({ status }: Pick<Standing, 'status'>): Outcome | null {
  if (status === 'reviewed_success') return 'success'
  return status === 'reviewed_failure' ? 'failure' : null
}

/** The outcome that stands, by a person or the judge; null where nothing decided it. */
export function standingOutcome(call: Standing): Outcome | null {
  const status = effectiveStatus(call)
  if (status === 'success' || status === 'failure') return status
  return decidedOutcome(call)
}

/** Whose outcome stands: `Judge: Success`, `Reviewed by Ada`, `You reviewed it`, `Not evaluated`. */
export function standingWords(
  call: Standing,
  { reviewer, me }: { reviewer: string; me: string },
): string {
  if (decidedOutcome(call) !== null) {
    if (reviewer === '') return 'Reviewed'
    return reviewer === me ? 'You reviewed it' : `Reviewed by ${reviewer}`
  }
  const status = effectiveStatus(call)
  return standingOutcome(call) === null ? statusLabel(status) : `Judge: ${statusLabel(status)}`
}

/** What somebody did while one decided without knowing. */
export function meanwhileWords(review: Pick<CallReview, 'status' | 'reviewer'>): string {
  const who = review.reviewer || 'Somebody'
  const outcome = decidedOutcome(review)
  if (outcome === null) return 'Somebody took the decision back meanwhile'
  return `${who} reviewed it as ${outcome} meanwhile`
}

/** Why there is no next call to go to. */
export function endWords({ isUnknown }: Pick<Neighbours, 'isUnknown'>): string {
  return isUnknown
    ? 'This call is not among the loaded ones of its list, so there is no next one'
    : 'That was the last call of the list'
}
