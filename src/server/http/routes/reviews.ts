import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Transaction } from 'kysely'
import type { MetricVoteInput, ReviewChanged, ReviewInput } from '#contract/review.ts'
import { reviewApi } from '#contract/review-api.ts'
import { enqueueUnlessWaiting } from '../../queue/job-kinds.ts'
import { findCallIdentity } from '../../store/calls.ts'
import { markCategory } from '../../store/category-marks.ts'
import { recordFeedback } from '../../store/feedback.ts'
import { findMetric, type MetricRecord } from '../../store/metrics.ts'
import { findReviewEvent, listReviewEvents } from '../../store/review-events.ts'
import { findCallReview, undoEvent } from '../../store/review-history.ts'
import { decide, newestDecision } from '../../store/reviews.ts'
import type { Tables } from '../../store/tables.ts'
import { castVote, withdrawVote } from '../../store/votes.ts'
import { findValueIssue } from '../expected-value.ts'
import { findDeviation } from '../find-deviation.ts'
import { badField, HttpProblem, notFound } from '../http-problem.ts'
import { projectOf, visitorOf } from '../request-access.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'

/** What people decide about calls and results: each act an event, kept with what comes of it. */
export function serveReviews(app: FastifyInstance, tools: ServerTools): void {
  const { database } = tools

  serveEndpoint(app, reviewApi.getReview, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const call = await findCallIdentity(database.writer, { id, projectId })
    const review = call && (await findCallReview(database.writer, id))
    if (review === null) throw notFound('Call')
    return review
  })

  serveEndpoint(app, reviewApi.reviewCall, ({ params: { id }, body, request }) =>
    changeCall(tools, { request, id }, (trx, act) => reviewOne(trx, { ...act, input: body })),
  )

  serveVotes(app, tools)

  serveEndpoint(app, reviewApi.markCategory, ({ params, body, request }) =>
    changeCall(tools, { request, id: params.id }, async (trx, act) => {
      const { callId } = act
      const category = await findDeviation(trx, { callId, categoryId: params.categoryId })
      if (category === null) throw notFound(`Category ${params.categoryId} on this call`)
      const set = body.isWrong ? { feedback: body.feedback } : null
      return changed(await markCategory(trx, { ...act, category, set }))
    }),
  )

  serveEndpoint(app, reviewApi.undoReviewEvent, ({ params: { id }, request }) =>
    undoOne(tools, { request, id }),
  )
}

function serveVotes(app: FastifyInstance, tools: ServerTools): void {
  serveEndpoint(app, reviewApi.voteOnMetric, ({ params, body, request }) =>
    changeCall(tools, { request, id: params.id }, async (trx, act) => {
      const metric = await findVotedMetric(trx, { ...act, metricId: params.metricId })
      if (metric.deletedAt !== null) throw notFound('Metric')
      refuseBadVote(metric, body)
      return changed(await castVote(trx, { ...act, metric, vote: body }))
    }),
  )

  serveEndpoint(app, reviewApi.withdrawVote, ({ params, request }) =>
    changeCall(tools, { request, id: params.id }, async (trx, act) => {
      const metric = await findVotedMetric(trx, { ...act, metricId: params.metricId })
      return changed(await withdrawVote(trx, { ...act, metric }))
    }),
  )
}

/** Who does something to which call. */
type Act = { callId: number; projectId: number; reviewer: string; now: number }

/** The event of an act, null where it changed nothing; and whether the judge has to decide the call anew. */
type Acted = { eventId: number | null; isOutdated: boolean }

function changed(eventId: number | null): Acted {
  return { eventId, isOutdated: false }
}

/** Does something to a call of the visitor's project, in one transaction, and gives how its review then stands. */
async function changeCall(
  tools: ServerTools,
  { request, id }: { request: FastifyRequest; id: number },
  work: (trx: Transaction<Tables>, act: Act) => Promise<Acted>,
): Promise<ReviewChanged> {
  const { database, clock } = tools
  const projectId = await projectOf(database, request, undefined)
  const act = { callId: id, projectId, reviewer: visitorOf(request).name, now: clock() }
  return keepAct(tools, async (trx) => {
    if ((await findCallIdentity(trx, { id, projectId })) === null) throw notFound('Call')
    return { callId: id, ...(await work(trx, act)) }
  })
}

async function keepAct(
  { database, clock, wakeWorker }: ServerTools,
  work: (trx: Transaction<Tables>) => Promise<Acted & { callId: number }>,
): Promise<ReviewChanged> {
  const { review, eventId } = await database.transaction(async (trx) => {
    const { callId, isOutdated, ...acted } = await work(trx)
    const evaluation = { kind: 'evaluate-call', payload: { callId }, now: clock() } as const
    if (isOutdated) await enqueueUnlessWaiting(trx, evaluation)
    return { ...acted, review: await findCallReview(trx, callId) }
  })
  if (review === null) throw notFound('Call')
  wakeWorker()
  return { review, eventId }
}

async function reviewOne(
  trx: Transaction<Tables>,
  { input, ...act }: Act & { input: ReviewInput },
): Promise<Acted> {
  const { decision, feedback, seenDecisionId } = input
  if (seenDecisionId !== undefined) await refuseStale(trx, { ...act, seenDecisionId })
  const written = feedback === undefined ? null : await recordFeedback(trx, { ...act, feedback })
  const decided = decision === undefined ? null : await decide(trx, { ...act, decision })
  if (decided === null) return changed(written)
  return { eventId: decided.eventId, isOutdated: decided.isOutdated }
}

/** Nobody decides over what somebody else said and they have not seen. Their own word from another window is no news. */
async function refuseStale(
  trx: Transaction<Tables>,
  { callId, reviewer, seenDecisionId }: Act & { seenDecisionId: number },
): Promise<void> {
  const newest = newestDecision(await listReviewEvents(trx, callId))
  if (newest === null || newest.id <= seenDecisionId || newest.reviewer === reviewer) return
  const review = await findCallReview(trx, callId)
  const text = review?.events.find(({ id }) => id === newest.id)?.text ?? ''
  throw new HttpProblem(409, {
    detail: `${newest.reviewer} decided meanwhile: ${text}.`,
    seenDecisionId: [`Expected ${newest.id}, the newest decision, got ${seenDecisionId}.`],
  })
}

/** Also a deleted one: votes on it can still be taken back. */
async function findVotedMetric(
  trx: Transaction<Tables>,
  { metricId, projectId }: { metricId: number; projectId: number },
): Promise<MetricRecord> {
  const metric = await findMetric(trx, { id: metricId, projectId })
  if (metric === null) throw notFound('Metric')
  return metric
}

function refuseBadVote(
  { content }: MetricRecord,
  { agrees, expectedValue, note }: MetricVoteInput,
): void {
  if (expectedValue !== null) {
    const issue = findValueIssue(content, expectedValue)
    if (issue !== null) throw badField('expectedValue', issue)
  }
  if (agrees !== null || expectedValue !== null || note !== '') return
  throw badField(
    'agrees',
    'Expected true or false, or else an expectedValue or a note. DELETE takes a vote back.',
  )
}

async function undoOne(
  tools: ServerTools,
  { request, id }: { request: FastifyRequest; id: number },
): Promise<ReviewChanged> {
  const { database, clock } = tools
  const projectId = await projectOf(database, request, undefined)
  const reviewer = visitorOf(request).name
  return keepAct(tools, async (trx) => {
    const event = await findReviewEvent(trx, { id, projectId })
    if (event === null) throw notFound('Review event')
    if (event.reviewer !== reviewer) {
      throw new HttpProblem(403, { detail: `${event.reviewer} did this: only they can undo it.` })
    }
    const undone = await undoEvent(trx, { event, reviewer, now: clock() })
    if (undone !== null) return { callId: event.callId, ...undone }
    throw new HttpProblem(409, {
      detail: 'This was undone already, or something newer stands in its place.',
    })
  })
}
