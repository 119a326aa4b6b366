import type { Transaction } from 'kysely'
import { z } from 'zod'
import { CallStatus } from '#contract/call.ts'
import type { ReviewDecision } from '#contract/review.ts'
import type { Connection } from './database.ts'
import {
  insertReviewEvent,
  listReviewEvents,
  type StoredEvent,
  undoneEvents,
} from './review-events.ts'
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

/** The body of a review event: what it set, and what stood before. `origin`: a vote on a result can set it as well. */
export const StatusBody = z.object({
  set: Standing,
  before: Standing,
  origin: z.enum(['decision', 'vote']).default('decision'),
})
type Origin = z.infer<typeof StatusBody>['origin']

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

/**
 * A person's success or failure on a call, with what stood before in its history. Gives the event; null if there is no
 * such call.
 */
export function recordReview(
  trx: Transaction<Tables>,
  { success, ...recorded }: Recorded & { success: boolean; origin?: Origin },
): Promise<number | null> {
  const status = success ? 'reviewed_success' : 'reviewed_failure'
  return changeReview(trx, { ...recorded, review: { status, success, isReviewed: true } })
}

/** As `recordReview`, for all that a person can say, also that nobody has reviewed the call. */
export async function changeReview(
  trx: Transaction<Tables>,
  {
    callId,
    review,
    reviewer,
    now,
    bulkActionId,
    origin = 'decision',
  }: Recorded & { review: Review; origin?: Origin },
): Promise<number | null> {
  const before = await findStanding(trx, callId)
  if (before === null) return null
  const set: Standing = {
    ...review,
    reviewer: review.isReviewed ? reviewer : '',
    reviewedAt: review.isReviewed ? now : null,
    revision: before.revision,
  }
  await writeStanding(trx, { callId, standing: set, now })
  const body = { set, before, origin }
  return insertReviewEvent(trx, { kind: 'status', callId, reviewer, body, bulkActionId, now })
}

/**
 * Sets what a person decides of one call. Null: it stands so already, by the same person, or there is no such call.
 * `isOutdated`: nobody has decided any more and the judge never did, so that the call is evaluating, and who asked
 * sees to it.
 */
export async function decide(
  trx: Transaction<Tables>,
  {
    decision,
    ...act
  }: {
    decision: ReviewDecision
    callId: number
    reviewer: string
    now: number
    origin?: Origin
  },
): Promise<{ eventId: number; isOutdated: boolean } | null> {
  const recorded = { ...act, bulkActionId: null }
  const current = await findStanding(trx, act.callId)
  if (current === null) return null
  if (decision === 'none') {
    if (!current.isReviewed) return null
    const success = await findJudgeSuccess(trx, act.callId)
    const review = { ...judgedAs(success), isReviewed: false }
    const eventId = await changeReview(trx, { ...recorded, review })
    return eventId === null ? null : { eventId, isOutdated: success === null }
  }
  const isSame = current.status === `reviewed_${decision}` && current.reviewer === act.reviewer
  if (isSame) return null
  const eventId = await recordReview(trx, { ...recorded, success: decision === 'success' })
  return eventId === null ? null : { eventId, isOutdated: false }
}

function judgedAs(success: boolean | null): Pick<Review, 'status' | 'success'> {
  return { status: success === null ? 'evaluating' : success ? 'success' : 'failure', success }
}

/** True where the review that counts is somebody else's own decision, not what came of their vote on a result. */
export async function isDecidedByOther(
  db: Connection,
  { callId, reviewer }: { callId: number; reviewer: string },
): Promise<boolean> {
  const events = await listReviewEvents(db, callId)
  const event = events[topOf(events)]
  if (event === undefined || event.reviewer === reviewer) return false
  const { set, origin } = StatusBody.parse(event.body)
  return set.isReviewed && origin === 'decision'
}

/**
 * `restored`: what stood before stands again; where that was the judge's, as the judge has it now. `outdated`: it was the
 * judge's, and has to be made anew because it was not finished or the call's content has changed; the call is
 * evaluating, and who asked sees to it. `kept`: somebody decided since, or the call is gone.
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
  const events = await listReviewEvents(trx, callId)
  const own = events.filter((event) => event.bulkActionId === bulkActionId)
  if (current === null || own.length === 0 || own.some(({ kind }) => kind === 'undo')) return 'kept'
  const undo = { callId, reviewer, now, bulkActionId, undoesId: null }
  const isOnTop = events[topOf(events)]?.bulkActionId === bulkActionId
  const before = isOnTop ? standingBelow(events) : null
  if (before !== null) return (await goBack(trx, { undo, current, before })).restored
  await insertReviewEvent(trx, { kind: 'undo', ...undo, body: { set: current, before: current } })
  return 'kept'
}

/**
 * Takes back one decision, which must be the one that counts: else null, and nothing changes. Gives the event of the
 * undoing beside what `restoreReview` gives.
 */
export async function restoreDecision(
  trx: Transaction<Tables>,
  {
    callId,
    eventId,
    reviewer,
    now,
  }: { callId: number; eventId: number; reviewer: string; now: number },
): Promise<{ eventId: number; restored: Restored } | null> {
  const current = await findStanding(trx, callId)
  const events = await listReviewEvents(trx, callId)
  if (current === null || events[topOf(events)]?.id !== eventId) return null
  const before = standingBelow(events)
  if (before === null) return null
  const undo = { callId, reviewer, now, bulkActionId: null, undoesId: eventId }
  return goBack(trx, { undo, current, before })
}

type Undo = Recorded & { undoesId: number | null }

async function goBack(
  trx: Transaction<Tables>,
  { undo, current, before }: { undo: Undo; current: Standing; before: Standing },
): Promise<{ eventId: number; restored: Restored }> {
  const isOutdated =
    !before.isReviewed && (before.status === 'evaluating' || before.revision !== current.revision)
  const judged = before.isReviewed ? null : await findJudgeSuccess(trx, undo.callId)
  const set: Standing = isOutdated
    ? { ...before, ...judgedAs(null) }
    : { ...before, ...(judged !== null && judgedAs(judged)) }
  await writeStanding(trx, { callId: undo.callId, standing: set, now: undo.now })
  const body = { set, before: current }
  const eventId = await insertReviewEvent(trx, { kind: 'undo', ...undo, body })
  return { eventId, restored: isOutdated ? 'outdated' : 'restored' }
}

/** The event that last changed how a call is decided, by deciding or by taking a decision back; null without one. */
export function newestDecision(events: readonly StoredEvent[]): StoredEvent | null {
  const decisions = new Set(events.flatMap(({ id, kind }) => (kind === 'status' ? [id] : [])))
  const isDecision = ({ kind, undoesId, bulkActionId, body }: StoredEvent) => {
    if (kind === 'status') return true
    if (kind !== 'undo') return false
    const isOfDecision = bulkActionId !== null || (undoesId !== null && decisions.has(undoesId))
    return isOfDecision && hasChanged(body)
  }
  return events.findLast(isDecision) ?? null
}

/** An action that is undone after somebody decided anew leaves the call as it is. */
function hasChanged(body: unknown): boolean {
  const { set, before } = StatusBody.parse(body)
  return JSON.stringify(set) !== JSON.stringify(before)
}

/** Where the review is that counts after these events, oldest first; -1 where none is left. */
function topOf(events: readonly StoredEvent[]): number {
  const undone = undoneEvents(events)
  return events.findLastIndex(({ kind, id }) => kind === 'status' && !undone.has(id))
}

/** What stood before the review that counts. What was set and taken back since is looked through. */
function standingBelow(events: readonly StoredEvent[]): Standing | null {
  const undone = undoneEvents(events)
  const belowOf = findBelow(events)
  let at = events[topOf(events)]
  for (;;) {
    const below = at && belowOf.get(at.id)
    if (below === undefined || !undone.has(below.id)) return beforeOf(at)
    at = below
  }
}

/** By the id of each review, the one that counted when it was set. */
function findBelow(events: readonly StoredEvent[]): Map<number, StoredEvent | undefined> {
  const below = new Map<number, StoredEvent | undefined>()
  const pile: StoredEvent[] = []
  const undoneIds = new Set<number | null>()
  const undoneActions = new Set<number | null>()
  const isUndone = ({ id, bulkActionId }: StoredEvent) =>
    undoneIds.has(id) || (bulkActionId !== null && undoneActions.has(bulkActionId))
  for (const event of events) {
    if (event.kind === 'undo') {
      undoneIds.add(event.undoesId)
      undoneActions.add(event.bulkActionId)
    }
    if (event.kind !== 'status') continue
    for (let top = pile.at(-1); top && isUndone(top); top = pile.at(-1)) pile.pop()
    below.set(event.id, pile.at(-1))
    pile.push(event)
  }
  return below
}

function beforeOf(event: StoredEvent | undefined): Standing | null {
  return event === undefined ? null : StatusBody.parse(event.body).before
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

/** What the judge decided, whatever people said; null while nothing was judged. */
async function findJudgeSuccess(db: Connection, callId: number): Promise<boolean | null> {
  const row = await db
    .selectFrom('call')
    .select('judge_success')
    .where('id', '=', callId)
    .executeTakeFirst()
  return row?.judge_success == null ? null : row.judge_success === 1
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
