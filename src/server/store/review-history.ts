import type { Transaction } from 'kysely'
import type { CallReview, ExpectedValue, ReviewEvent } from '#contract/review.ts'
import { CategoryBody, listMarks, restoreMark } from './category-marks.ts'
import type { Connection } from './database.ts'
import { FeedbackBody, restoreFeedback } from './feedback.ts'
import {
  insertReviewEvent,
  listReviewEvents,
  type StoredEvent,
  undoneEvents,
} from './review-events.ts'
import { newestDecision, restoreDecision, StatusBody } from './reviews.ts'
import type { Tables } from './tables.ts'
import { listVotes, restoreVote, VoteBody } from './votes.ts'

const MAX_SHOWN_EVENTS = 100

/** All that people said of a call; null if there is no such call. */
export async function findCallReview(db: Connection, callId: number): Promise<CallReview | null> {
  const row = await db
    .selectFrom('call')
    .select(['status', 'is_reviewed', 'reviewer', 'reviewed_at', 'feedback'])
    .where('id', '=', callId)
    .executeTakeFirst()
  if (!row) return null
  const events = await listReviewEvents(db, callId)
  return {
    status: row.status,
    isReviewed: row.is_reviewed === 1,
    reviewer: row.reviewer,
    reviewedAt: row.reviewed_at === null ? null : new Date(row.reviewed_at).toISOString(),
    feedback: row.feedback,
    votes: await listVotes(db, callId),
    wrongCategories: (await listMarks(db, [callId])).get(callId) ?? [],
    events: toHistory(events).slice(0, MAX_SHOWN_EVENTS),
    decisionId: newestDecision(events)?.id ?? 0,
  }
}

/** Newest first. */
function toHistory(events: readonly StoredEvent[]): ReviewEvent[] {
  const byId = new Map(events.map((event) => [event.id, event]))
  const standing = standingEvents(events)
  return events.toReversed().map((event) => ({
    id: event.id,
    kind: event.kind,
    reviewer: event.reviewer,
    createdAt: new Date(event.createdAt).toISOString(),
    metricId: event.metricId,
    text: textOf(event, byId),
    isStanding: standing.has(event.id),
  }))
}

/** Of each thing that people say something of, the newest event that was not taken back. Undoing says nothing itself. */
function standingEvents(events: readonly StoredEvent[]): Set<number> {
  const undone = undoneEvents(events)
  const newest = new Map<string, number>()
  for (const event of events) {
    const subject = subjectOf(event)
    if (subject !== null && !undone.has(event.id)) newest.set(subject, event.id)
  }
  return new Set(newest.values())
}

function subjectOf({ kind, metricId, reviewer, body }: StoredEvent): string | null {
  switch (kind) {
    case 'status':
    case 'feedback':
      return kind
    case 'vote':
      return `vote ${metricId} ${reviewer}`
    case 'category':
      return `category ${CategoryBody.parse(body).categoryId}`
    case 'undo':
      return null
    default:
      return kind satisfies never
  }
}

function textOf(event: StoredEvent, byId: ReadonlyMap<number, StoredEvent>): string {
  switch (event.kind) {
    case 'status':
      return statusText(event)
    case 'feedback':
      return feedbackText(event)
    case 'vote':
      return voteText(event)
    case 'category': {
      const { name, set } = CategoryBody.parse(event.body)
      return set ? `Marked ${name} as wrongly found` : `Marked ${name} as rightly found`
    }
    case 'undo': {
      const undone = event.undoesId === null ? undefined : byId.get(event.undoesId)
      return undone ? `Took back: ${textOf(undone, byId)}` : 'Took back a bulk review'
    }
    default:
      return event.kind satisfies never
  }
}

function statusText({ body, bulkActionId }: StoredEvent): string {
  const { status, isReviewed } = StatusBody.parse(body).set
  if (!isReviewed) return 'Removed the review'
  const outcome = status === 'reviewed_success' ? 'success' : 'failure'
  return `Reviewed as ${outcome}${bulkActionId === null ? '' : ' in a bulk action'}`
}

const MAX_QUOTED_LENGTH = 200

/** Quoted, since somebody may have written over it. */
function feedbackText({ body }: StoredEvent): string {
  const { set } = FeedbackBody.parse(body)
  if (set === '') return 'Removed the feedback'
  const quoted = set.length > MAX_QUOTED_LENGTH ? `${set.slice(0, MAX_QUOTED_LENGTH)}…` : set
  return `Wrote feedback: ${quoted}`
}

function voteText({ body }: StoredEvent): string {
  const { name, set } = VoteBody.parse(body)
  if (set === null) return `Withdrew the vote on ${name}`
  const { agrees, expectedValue } = set
  const opinion = agrees === null ? 'Commented on' : agrees ? 'Agrees with' : 'Disagrees with'
  return expectedValue === null
    ? `${opinion} ${name}`
    : `${opinion} ${name}: should be ${valueText(expectedValue)}`
}

function valueText(value: ExpectedValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return String(value)
}

/** `isOutdated`: what stood before was the judge's and has to be made anew, which who asked sees to. */
type Undone = { eventId: number; isOutdated: boolean }

/**
 * Takes one event back. Null, with nothing changed: it was undone already, something newer stands in its place, or it is
 * of a vote whose metric is gone.
 */
export async function undoEvent(
  trx: Transaction<Tables>,
  { event, reviewer, now }: { event: StoredEvent; reviewer: string; now: number },
): Promise<Undone | null> {
  const { id, callId, kind, metricId } = event
  if (!standingEvents(await listReviewEvents(trx, callId)).has(id)) return null
  if (kind === 'status') {
    const back = await restoreDecision(trx, { callId, eventId: id, reviewer, now })
    return back && { eventId: back.eventId, isOutdated: back.restored === 'outdated' }
  }
  if (kind === 'feedback' && !(await restoreFeedback(trx, { event, now }))) return null
  if (kind === 'vote' && !(await restoreVote(trx, { event, now }))) return null
  if (kind === 'category') await restoreMark(trx, { event, now })
  const undo = { kind: 'undo', callId, reviewer, metricId, undoesId: id, body: {}, now } as const
  return { eventId: await insertReviewEvent(trx, undo), isOutdated: false }
}
