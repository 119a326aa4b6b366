import type { Selectable, Transaction } from 'kysely'
import { z } from 'zod'
import { ExpectedValue, MetricVote, type MetricVoteInput } from '#contract/review.ts'
import type { Connection } from './database.ts'
import { findMetric } from './metrics.ts'
import { insertReviewEvent, type StoredEvent } from './review-events.ts'
import type { Tables } from './tables.ts'

const SetVote = MetricVote.omit({ eventId: true, metricId: true, reviewer: true })
type SetVote = z.infer<typeof SetVote>

/** The body of a vote event. `set` null: the vote was withdrawn. `name` is the metric's at the time. */
export const VoteBody = z.object({
  name: z.string(),
  set: SetVote.nullable(),
  before: MetricVote.nullable(),
})

type Ballot = {
  callId: number
  metric: { id: number; name: string }
  reviewer: string
  now: number
}

/**
 * Sets a reviewer's vote on the result that a metric now has on a call, in place of their earlier one. Gives the event;
 * null where they said the same already.
 */
export async function castVote(
  trx: Transaction<Tables>,
  { vote, ...ballot }: Ballot & { vote: MetricVoteInput },
): Promise<number | null> {
  const verdictId = await findCurrentVerdictId(trx, ballot)
  const createdAt = new Date(ballot.now).toISOString()
  return replaceVote(trx, ballot, { ...vote, verdictId, createdAt })
}

/** Gives the event; null where the reviewer had no vote. */
export function withdrawVote(trx: Transaction<Tables>, ballot: Ballot): Promise<number | null> {
  return replaceVote(trx, ballot, null)
}

async function replaceVote(
  trx: Transaction<Tables>,
  ballot: Ballot,
  set: SetVote | null,
): Promise<number | null> {
  const { callId, metric, reviewer, now } = ballot
  const before = await findVote(trx, ballot)
  if (isSame(before, set)) return null
  const eventId = await insertReviewEvent(trx, {
    kind: 'vote',
    callId,
    reviewer,
    metricId: metric.id,
    body: { name: metric.name, set, before },
    now,
  })
  const vote = set && { ...set, eventId, metricId: metric.id, reviewer }
  await writeVote(trx, { key: { callId, metricId: metric.id, reviewer }, vote, now })
  return eventId
}

function isSame(before: MetricVote | null, set: SetVote | null): boolean {
  if (before === null || set === null) return before === set
  return (
    before.verdictId === set.verdictId &&
    before.agrees === set.agrees &&
    before.expectedValue === set.expectedValue &&
    before.note === set.note
  )
}

/** Puts back the vote that stood before a vote event, which must be the one that stands. False if its metric is gone. */
export async function restoreVote(
  trx: Transaction<Tables>,
  { event, now }: { event: StoredEvent; now: number },
): Promise<boolean> {
  const { callId, metricId, reviewer } = event
  if (metricId === null) throw new Error(`Vote event ${event.id} names no metric`)
  const { before } = VoteBody.parse(event.body)
  if ((await findMetric(trx, { id: metricId, projectId: null })) === null) return false
  await writeVote(trx, { key: { callId, metricId, reviewer }, vote: before, now })
  return true
}

type VoteKey = { callId: number; metricId: number; reviewer: string }

/** Null takes it away. The call's count follows. */
async function writeVote(
  trx: Transaction<Tables>,
  {
    key: { callId, metricId, reviewer },
    vote,
    now,
  }: { key: VoteKey; vote: MetricVote | null; now: number },
): Promise<void> {
  await trx
    .deleteFrom('metric_vote')
    .where('call_id', '=', callId)
    .where('metric_id', '=', metricId)
    .where('reviewer', '=', reviewer)
    .execute()
  if (vote !== null) {
    await trx
      .insertInto('metric_vote')
      .values({ call_id: callId, ...toRow(vote) })
      .execute()
  }
  await trx
    .updateTable('call')
    .set(({ selectFrom, fn }) => ({
      vote_count: selectFrom('metric_vote')
        .select(fn.countAll<number>().as('count'))
        .where('call_id', '=', callId)
        .$asScalar(),
      updated_at: now,
    }))
    .where('id', '=', callId)
    .execute()
}

/** The standing votes on a call: by metric, newest first. */
export async function listVotes(db: Connection, callId: number): Promise<MetricVote[]> {
  const rows = await db
    .selectFrom('metric_vote')
    .select(VOTE_COLUMNS)
    .where('call_id', '=', callId)
    .orderBy('metric_id')
    .orderBy('event_id', 'desc')
    .execute()
  return rows.map(toVote)
}

async function findVote(db: Connection, { callId, metric, reviewer }: Ballot) {
  const row = await db
    .selectFrom('metric_vote')
    .select(VOTE_COLUMNS)
    .where('call_id', '=', callId)
    .where('metric_id', '=', metric.id)
    .where('reviewer', '=', reviewer)
    .executeTakeFirst()
  return row ? toVote(row) : null
}

async function findCurrentVerdictId(
  db: Connection,
  { callId, metric }: Ballot,
): Promise<number | null> {
  const row = await db
    .selectFrom('verdict')
    .select('id')
    .where('call_id', '=', callId)
    .where('metric_id', '=', metric.id)
    .where('is_current', '=', 1)
    .executeTakeFirst()
  return row?.id ?? null
}

const VOTE_COLUMNS = [
  'event_id',
  'metric_id',
  'verdict_id',
  'reviewer',
  'agrees',
  'expected_value',
  'note',
  'created_at',
] as const

type VoteRow = Pick<Selectable<Tables['metric_vote']>, (typeof VOTE_COLUMNS)[number]>

function toVote(row: VoteRow): MetricVote {
  return {
    eventId: row.event_id,
    metricId: row.metric_id,
    verdictId: row.verdict_id,
    reviewer: row.reviewer,
    agrees: row.agrees === null ? null : row.agrees === 1,
    expectedValue:
      row.expected_value === null ? null : ExpectedValue.parse(JSON.parse(row.expected_value)),
    note: row.note,
    createdAt: new Date(row.created_at).toISOString(),
  }
}

function toRow(vote: MetricVote): VoteRow {
  const { agrees, expectedValue } = vote
  return {
    event_id: vote.eventId,
    metric_id: vote.metricId,
    verdict_id: vote.verdictId,
    reviewer: vote.reviewer,
    agrees: agrees === null ? null : agrees ? 1 : 0,
    expected_value: expectedValue === null ? null : JSON.stringify(expectedValue),
    note: vote.note,
    created_at: Date.parse(vote.createdAt),
  }
}
