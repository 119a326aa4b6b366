import type { Transaction } from 'kysely'
import type { z } from 'zod'
import { CategoryBody } from './category-marks.ts'
import type { FeedbackBody } from './feedback.ts'
import { listReviewEvents, type StoredEvent } from './review-events.ts'
import type { Tables } from './tables.ts'
import { VoteBody } from './votes.ts'

/**
 * Empties what people wrote in their own words when they reviewed a call, also in its history, and keeps what they
 * decided. The call's own feedback is the caller's to empty.
 */
export async function blankReviewTexts(trx: Transaction<Tables>, callId: number): Promise<void> {
  await trx.updateTable('metric_vote').set({ note: '' }).where('call_id', '=', callId).execute()
  await trx
    .updateTable('category_mark')
    .set({ feedback: '' })
    .where('call_id', '=', callId)
    .execute()
  for (const event of await listReviewEvents(trx, callId)) {
    const body = blankBody(event)
    if (body === null) continue
    await trx
      .updateTable('review_event')
      .set({ body: JSON.stringify(body) })
      .where('id', '=', event.id)
      .execute()
  }
}

/** Null where an event holds nothing that somebody wrote. */
function blankBody({ kind, body }: StoredEvent): object | null {
  switch (kind) {
    case 'feedback':
      return { set: '', before: '' } satisfies z.infer<typeof FeedbackBody>
    case 'vote': {
      const { set, before, ...vote } = VoteBody.parse(body)
      return {
        ...vote,
        set: set && { ...set, note: '' },
        before: before && { ...before, note: '' },
      }
    }
    case 'category': {
      const { set, before, ...mark } = CategoryBody.parse(body)
      return {
        ...mark,
        set: set && { ...set, feedback: '' },
        before: before && { ...before, feedback: '' },
      }
    }
    case 'status':
    case 'undo':
      return null
    default:
      return kind satisfies never
  }
}
