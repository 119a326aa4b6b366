import type { Transaction } from 'kysely'
import { z } from 'zod'
import { CallStatus } from '#contract/call.ts'
import type { Connection } from './database.ts'
import type { Tables } from './tables.ts'

/** How a call stands, and by whom. `revision` tells whether its content has changed since. */
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

/** What a person can say of a call; without `isReviewed`, that it is as the judge left it. */
export type Review = {
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

/** A person's success or failure on a call, with what stood before in its history. False if there is no such call. */
export function recordReview(
  trx: Transaction<Tables>,
  { success, ...recorded }: Recorded & { success: boolean },
): Promise<boolean> {
  const status = success ? 'reviewed_success' : 'reviewed_failure'
  return changeReview(trx, { ...recorded, review: { status, success, isReviewed: true } })
}

/** As `recordReview`, for all that a person can say, also that nobody has reviewed the call. */
export async function changeReview(
  trx: Transaction<Tables>,
  { callId, review, reviewer, now, bulkActionId }: Recorded & { review: Review },
): Promise<boolean> {
  const before = await findStanding(trx, callId)
  if (before === null) return false
  const set: Standing = {
    ...review,
    reviewer: review.isReviewed ? reviewer : '',
    reviewedAt: review.isReviewed ? now : null,
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

/**
 * Takes back the review that a bulk action set, unless somebody decided again since: then what they decided stands,
 * and where that is taken back as well, what stood before both. So actions can be undone in any order.
 */
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
  const events = await listEvents(trx, callId)
  const own = events.filter((event) => event.bulkActionId === bulkActionId)
  if (current === null || own.length === 0 || own.some(({ kind }) => kind === 'undo')) return 'kept'
  const event = { kind: 'undo', callId, before: current, reviewer, now, bulkActionId } as const
  const isOnTop = events[topOf(events)]?.bulkActionId === bulkActionId
  const before = isOnTop ? standingBelow(events) : null
  if (before === null) {
    await insertEvent(trx, { ...event, set: current })
    return 'kept'
  }
  const isOutdated =
    !before.isReviewed && (before.status === 'evaluating' || before.revision !== current.revision)
  const set: Standing = isOutdated ? { ...before, status: 'evaluating', success: null } : before
  await writeStanding(trx, { callId, standing: set, now })
  await insertEvent(trx, { ...event, set })
  return isOutdated ? 'outdated' : 'restored'
}

type ReviewEvent = { kind: 'status' | 'undo'; bulkActionId: number | null; before: Standing }

/** Where the review is that counts after these events, oldest first; -1 where none is left. */
function topOf(events: readonly ReviewEvent[]): number {
  const undone = undoneBy(events)
  return events.findLastIndex(
    ({ kind, bulkActionId }) => kind === 'status' && !undone.has(bulkActionId),
  )
}

function undoneBy(events: readonly ReviewEvent[]): Set<number | null> {
  return new Set(events.filter(({ kind }) => kind === 'undo').map((event) => event.bulkActionId))
}

/** What stood before the review that counts. What an action set that was undone since is looked through. */
function standingBelow(events: readonly ReviewEvent[]): Standing | null {
  const undone = undoneBy(events)
  let at = topOf(events)
  for (;;) {
    const below = topOf(events.slice(0, Math.max(at, 0)))
    if (!undone.has(events[below]?.bulkActionId ?? null)) return events[at]?.before ?? null
    at = below
  }
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

/** Oldest first. */
async function listEvents(db: Connection, callId: number): Promise<ReviewEvent[]> {
  const rows = await db
    .selectFrom('review_event')
    .select(['kind', 'body', 'bulk_action_id'])
    .where('call_id', '=', callId)
    .orderBy('id')
    .execute()
  return rows.map(({ kind, body, bulk_action_id }) => {
    const { before } = EventBody.parse(JSON.parse(body))
    return { kind, bulkActionId: bulk_action_id, before }
  })
}
