import type { Transaction } from 'kysely'
import { z } from 'zod'
import { CallStatus } from '#contract/call.ts'
import type { Connection } from './database.ts'
import type { Tables } from './tables.ts'

/** Whose verdict stands on a call, and which. `revision` tells whether its content has changed since. */
const Standing = z.object({
  status: CallStatus,
  success: z.boolean().nullable(),
  isReviewed: z.boolean(),
  reviewer: z.string(),
  reviewedAt: z.number().nullable(),
  revision: z.int(),
})
type Standing = z.infer<typeof Standing>

/** The body of a review event: what it set, and what stood before. */
const EventBody = z.object({ set: Standing, before: Standing })

export type Verdict = {
  status: CallStatus
  success: boolean | null
  isReviewed: boolean
}

type Recorded = {
  callId: number
  reviewer: string
  now: number
  /** Null: a person decided about this one call. */
  bulkActionId: number | null
}

/** A person's verdict on a call, with what stood before in its history. False if there is no such call. */
export function recordReview(
  trx: Transaction<Tables>,
  { success, ...recorded }: Recorded & { success: boolean },
): Promise<boolean> {
  const status = success ? 'reviewed_success' : 'reviewed_failure'
  return recordVerdict(trx, { ...recorded, verdict: { status, success, isReviewed: true } })
}

/** As `recordReview`, for every verdict a person can set, also that there is none by a person. */
export async function recordVerdict(
  trx: Transaction<Tables>,
  { callId, verdict, reviewer, now, bulkActionId }: Recorded & { verdict: Verdict },
): Promise<boolean> {
  const before = await findStanding(trx, callId)
  if (before === null) return false
  const set: Standing = {
    ...verdict,
    reviewer: verdict.isReviewed ? reviewer : '',
    reviewedAt: verdict.isReviewed ? now : null,
    revision: before.revision,
  }
  await writeStanding(trx, { callId, standing: set, now })
  await insertEvent(trx, { kind: 'status', callId, set, before, reviewer, now, bulkActionId })
  return true
}

/**
 * `restored`: what stood before stands again. `outdated`: that was the judge's, and has to be made anew because it
 * was not finished or the call's content has changed; the call is evaluating, and who asked sees to it.
 * `kept`: somebody decided since, or the call is gone.
 */
export type Restored = 'restored' | 'outdated' | 'kept'

/** Takes back the verdict that a bulk action set, unless somebody decided again since. */
export async function restoreReview(
  trx: Transaction<Tables>,
  {
    callId,
    reviewer,
    now,
    bulkActionId,
  }: { callId: number; reviewer: string; now: number; bulkActionId: number },
): Promise<Restored> {
  const current = await findStanding(trx, callId)
  const latest = await findLatestEvent(trx, callId)
  if (current === null || latest?.kind !== 'status' || latest.bulkActionId !== bulkActionId) {
    return 'kept'
  }
  const { before } = latest
  const isOutdated =
    !before.isReviewed && (before.status === 'evaluating' || before.revision !== current.revision)
  const set: Standing = isOutdated ? { ...before, status: 'evaluating', success: null } : before
  await writeStanding(trx, { callId, standing: set, now })
  const event = { kind: 'undo', callId, set, before: current, reviewer, now, bulkActionId } as const
  await insertEvent(trx, event)
  return isOutdated ? 'outdated' : 'restored'
}

async function findStanding(db: Connection, callId: number): Promise<Standing | null> {
  const row = await db
    .selectFrom('call')
    .select(['status', 'success', 'is_reviewed', 'reviewer', 'reviewed_at', 'revision'])
    .where('id', '=', callId)
    .executeTakeFirst()
  if (!row) return null
  return {
    status: row.status,
    success: row.success === null ? null : row.success === 1,
    isReviewed: row.is_reviewed === 1,
    reviewer: row.reviewer,
    reviewedAt: row.reviewed_at,
    revision: row.revision,
  }
}

async function writeStanding(
  trx: Transaction<Tables>,
  { callId, standing, now }: { callId: number; standing: Standing; now: number },
): Promise<void> {
  await trx
    .updateTable('call')
    .set({
      status: standing.status,
      success: standing.success === null ? null : Number(standing.success),
      is_reviewed: Number(standing.isReviewed),
      reviewer: standing.reviewer,
      reviewed_at: standing.reviewedAt,
      updated_at: now,
    })
    .where('id', '=', callId)
    .execute()
}

async function insertEvent(
  trx: Transaction<Tables>,
  event: Recorded & { kind: 'status' | 'undo'; set: Standing; before: Standing },
): Promise<void> {
  await trx
    .insertInto('review_event')
    .values({
      call_id: event.callId,
      kind: event.kind,
      reviewer: event.reviewer,
      body: JSON.stringify({ set: event.set, before: event.before }),
      bulk_action_id: event.bulkActionId,
      created_at: event.now,
    })
    .execute()
}

async function findLatestEvent(
  db: Connection,
  callId: number,
): Promise<{ kind: 'status' | 'undo'; bulkActionId: number | null; before: Standing } | null> {
  const row = await db
    .selectFrom('review_event')
    .select(['kind', 'body', 'bulk_action_id'])
    .where('call_id', '=', callId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return null
  const { before } = EventBody.parse(JSON.parse(row.body))
  return { kind: row.kind, bulkActionId: row.bulk_action_id, before }
}
