import type { Transaction } from 'kysely'
import { z } from 'zod'
import { insertReviewEvent, type StoredEvent } from './review-events.ts'
import type { Tables } from './tables.ts'

/** The body of a feedback event. */
export const FeedbackBody = z.object({ set: z.string(), before: z.string() })

type Written = { callId: number; reviewer: string; now: number }

/** Replaces the feedback on a call; what stood before is kept in the event it gives. Null: nothing changed. */
export async function recordFeedback(
  trx: Transaction<Tables>,
  { callId, feedback, reviewer, now }: Written & { feedback: string },
): Promise<number | null> {
  const before = await findFeedback(trx, callId)
  if (before === null || before === feedback) return null
  await writeFeedback(trx, { callId, feedback, now })
  const body = { set: feedback, before }
  return insertReviewEvent(trx, { kind: 'feedback', callId, reviewer, body, now })
}

/**
 * Puts back what stood before a feedback event, which must be the one that stands. False, with nothing changed, where
 * the call's sender has replaced it since.
 */
export async function restoreFeedback(
  trx: Transaction<Tables>,
  { event: { callId, body }, now }: { event: StoredEvent; now: number },
): Promise<boolean> {
  const { set, before } = FeedbackBody.parse(body)
  if ((await findFeedback(trx, callId)) !== set) return false
  await writeFeedback(trx, { callId, feedback: before, now })
  return true
}

async function findFeedback(trx: Transaction<Tables>, callId: number): Promise<string | null> {
  const row = await trx
    .selectFrom('call')
    .select('feedback')
    .where('id', '=', callId)
    .executeTakeFirst()
  return row?.feedback ?? null
}

async function writeFeedback(
  trx: Transaction<Tables>,
  { callId, feedback, now }: { callId: number; feedback: string; now: number },
): Promise<void> {
  await trx
    .updateTable('call')
    .set({ feedback, updated_at: now })
    .where('id', '=', callId)
    .execute()
}
