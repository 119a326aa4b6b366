import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import type { CallDetail } from '#contract/call.ts'
import { ApiError } from '../../api/request.ts'
import { refetchReview, useChangeReview } from '../../api/review.ts'
import type { ReviewChange } from '../../api/review-changes.ts'
import { showToast } from '../../ui/toast.tsx'
import { meanwhileWords } from './decision-words.ts'
import { addressedId } from './use-call-steps.ts'

type UseReviewChangeOptions = {
  call: Pick<CallDetail, 'id' | 'callId'>
  /** That a link back to the call is made with, of its list or its queue: empty, or with its `?`. */
  search: string
  /** What somebody else decided is not to be said. */
  isBlind: boolean
}

/** `said`: what a toast says once it is saved, with Undo; null for none. Resolves with whether it was saved. */
export type ChangeReview = (change: ReviewChange, said: string | null) => Promise<boolean>

/** Changes a review and tells the person how that went, also after they have gone on to another call. */
export function useReviewChange(options: UseReviewChangeOptions): ChangeReview {
  const { call, search, isBlind } = options
  const client = useQueryClient()
  const navigate = useNavigate()
  const { mutateAsync } = useChangeReview(call.id)

  const changeReview: ChangeReview = async (change, said) => {
    try {
      const { eventId } = await mutateAsync(change)
      if (said !== null) tell(said, eventId)
      return true
    } catch (error) {
      if (isOvertaken(error, change)) await askAgain(change, said)
      else
        tellFailure(error, change.kind === 'undo' ? 'It could not be undone' : 'It was not saved')
      return false
    }
  }
  const undo = (eventId: number) => void changeReview({ kind: 'undo', eventId }, null)
  const tell = (title: string, eventId: number | null) =>
    showToast({
      title,
      description: isAtCall(call.id) ? undefined : call.callId,
      ...(eventId !== null && { action: { label: 'Undo', onSelect: () => undo(eventId) } }),
    })
  const tellFailure = (error: unknown, title: string) =>
    showToast({
      title: isAtCall(call.id) ? title : `${title}: ${call.callId}`,
      description: error instanceof Error ? error.message : undefined,
      tone: 'fail',
      ...(!isAtCall(call.id) && {
        action: {
          label: 'Open the call',
          onSelect: () => void navigate(`/calls/${call.id}${search}`),
        },
        timeoutMs: 0,
      }),
    })
  /** Somebody decided meanwhile: the person sees what, unless blind, and decides whether their own word goes. */
  const askAgain = async (change: Overtaken, said: string | null): Promise<void> => {
    const { seenDecisionId: _, ...body } = change.body
    const decide = () => changeReview({ kind: 'review', body }, said)
    try {
      const review = await refetchReview(client, call.id)
      showToast({
        title: isBlind ? 'Somebody decided meanwhile' : meanwhileWords(review),
        description: isAtCall(call.id) ? undefined : call.callId,
        tone: 'fail',
        action: { label: 'Decide anyway', onSelect: () => void decide() },
        timeoutMs: 0,
      })
    } catch (error) {
      tellFailure(error, 'It was not saved')
    }
  }
  return changeReview
}

function isAtCall(id: number): boolean {
  return addressedId() === id
}

type Overtaken = Extract<ReviewChange, { kind: 'review' }>

function isOvertaken(error: unknown, change: ReviewChange): change is Overtaken {
  const isConflict = error instanceof ApiError && error.status === 409
  return isConflict && change.kind === 'review' && change.body.seenDecisionId !== undefined
}
