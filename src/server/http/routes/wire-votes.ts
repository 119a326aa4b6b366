import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Transaction } from 'kysely'
import { z } from 'zod'
import type { MetricVoteInput } from '#contract/review.ts'
import { applyRubric } from '#contract/rubric.ts'
import { WireCategoryMark, WireMetricVote } from '#contract/wire/vote.ts'
import { correctResults } from '../../evaluation/corrected-results.ts'
import { listCallStandings } from '../../store/call-standings.ts'
import { findCallIdentity } from '../../store/calls.ts'
import { markCategory } from '../../store/category-marks.ts'
import { findMetric, listMetricRecords, type MetricRecord } from '../../store/metrics.ts'
import { decide, isDecidedByOther } from '../../store/reviews.ts'
import { findRubric } from '../../store/rubrics.ts'
import type { Tables } from '../../store/tables.ts'
import { listCurrentVerdicts } from '../../store/verdicts.ts'
import { castVote, listVotes, withdrawVote } from '../../store/votes.ts'
import { findValueIssue, toAnswer } from '../expected-value.ts'
import { findDeviation } from '../find-deviation.ts'
import { badField, notFound } from '../http-problem.ts'
import { visitorOf } from '../request-access.ts'
import type { ServerTools } from '../server-tools.ts'

const ById = z.object({ id: z.coerce.number().int().positive() })
const Done = z.object({ detail: z.string() })

/** What people say of results, under each of the path families that clients use. Source: docs/wire.md D9 to D11. */
export function serveWireVotes(app: FastifyInstance, tools: ServerTools, path: string): void {
  serveMetricVote(app, tools, path)
  serveMark(app, tools, {
    url: `${path}/:id/mark_critical_scenario_wrong`,
    summary: 'Mark a critical category of a call log as wrongly found',
    markOf: (feedback) => ({ feedback }),
    detail: 'The category is marked as wrong.',
  })
  serveMark(app, tools, {
    url: `${path}/:id/unmark_critical_scenario_wrong`,
    summary: 'Take back that a critical category is wrong',
    markOf: () => null,
    detail: 'The category is not marked as wrong any more.',
  })
}

function serveMetricVote(app: FastifyInstance, tools: ServerTools, path: string): void {
  app.route({
    method: 'POST',
    url: `${path}/:id/mark_metric_vote`,
    config: { access: 'write' },
    schema: {
      tags: ['call logs'],
      summary: 'Vote on the result of a metric',
      description:
        'The vote of the key that sends it is set, and the call is marked as reviewed: with the outcome that the rubric ' +
        'gives once the results are corrected by the votes, else with the one it has. A note alone does not review it, ' +
        'and what somebody else decided of the call stands. Without opinion, value and words the vote is withdrawn.',
      params: ById,
      body: WireMetricVote,
      response: { 200: Done },
    },
    handler: (request) => {
      const body = request.body as z.output<typeof WireMetricVote>
      return changeLog(tools, request, async (trx, act) => {
        const metric = await findMetric(trx, { id: body.metric_id, projectId: act.projectId })
        if (metric === null || metric.deletedAt !== null) {
          throw badField('metric_id', `There is no metric ${body.metric_id}.`)
        }
        const vote = toVote(body, metric)
        if (vote === null) {
          await withdrawVote(trx, { ...act, metric })
          return 'The vote is withdrawn.'
        }
        await castVote(trx, { ...act, metric, vote })
        const isNote = vote.agrees === null && vote.expectedValue === null
        if (!isNote && !(await isDecidedByOther(trx, act))) await markReviewed(trx, act)
        return 'The vote is kept.'
      })
    },
  })
}

/** Null: nothing is said any more. Throws 400 for a value that the metric cannot give. */
function toVote(
  { thumbs_up, vote, expected_value, feedback, reasoning }: z.output<typeof WireMetricVote>,
  { content }: MetricRecord,
): MetricVoteInput | null {
  const agrees = thumbs_up ?? vote ?? null
  const note = feedback ?? reasoning ?? ''
  const expectedValue = expected_value == null ? null : toAnswer(content, expected_value)
  if (expectedValue !== null) {
    const issue = findValueIssue(content, expectedValue)
    if (issue !== null) throw badField('expected_value', issue)
  }
  if (agrees === null && expectedValue === null && note === '') return null
  return { agrees, expectedValue, note }
}

type Act = { callId: number; projectId: number; reviewer: string; now: number }

/** A call that has no outcome by the rubric nor of its own waits for one: a review without an outcome is none. */
async function markReviewed(trx: Transaction<Tables>, act: Act): Promise<void> {
  const { callId, projectId } = act
  const [call] = await listCallStandings(trx, { ids: [callId], projectId })
  const success = (await findCorrectedOutcome(trx, act)) ?? call?.success ?? null
  if (success === null) return
  await decide(trx, { ...act, decision: success ? 'success' : 'failure', origin: 'vote' })
}

/** What the rubric says of a call's results, corrected by people; null where it does not decide. */
async function findCorrectedOutcome(
  trx: Transaction<Tables>,
  { callId, projectId }: Act,
): Promise<boolean | null> {
  const results = (await listCurrentVerdicts(trx, [callId])).get(callId) ?? []
  const corrected = correctResults(results, await listVotes(trx, callId))
  const rubric = await findRubric(trx, projectId)
  const metrics = await listMetricRecords(trx, projectId)
  return applyRubric(rubric, { results: corrected, metrics }).success
}

function serveMark(
  app: FastifyInstance,
  tools: ServerTools,
  {
    url,
    summary,
    markOf,
    detail,
  }: {
    url: string
    summary: string
    markOf: (feedback: string) => { feedback: string } | null
    detail: string
  },
): void {
  app.route({
    method: 'POST',
    url,
    config: { access: 'write' },
    schema: {
      tags: ['call logs'],
      summary,
      params: ById,
      body: WireCategoryMark,
      response: { 200: Done },
    },
    handler: (request) => {
      const { scenario_id, category_id, feedback } = request.body as z.output<
        typeof WireCategoryMark
      >
      return changeLog(tools, request, async (trx, act) => {
        const categoryId = scenario_id ?? category_id ?? 0
        const category = await findDeviation(trx, { ...act, categoryId })
        if (category === null) {
          const field = scenario_id === undefined ? 'category_id' : 'scenario_id'
          throw badField(field, `This call log has no critical category ${categoryId}.`)
        }
        await markCategory(trx, { ...act, category, set: markOf(feedback ?? '') })
        return detail
      })
    },
  })
}

async function changeLog(
  { database, clock }: ServerTools,
  request: FastifyRequest,
  work: (trx: Transaction<Tables>, act: Act) => Promise<string>,
): Promise<z.output<typeof Done>> {
  const { id } = request.params as z.output<typeof ById>
  const { projectId, name } = visitorOf(request)
  const detail = await database.transaction(async (trx) => {
    const call = await findCallIdentity(trx, { id, projectId })
    if (call === null) throw notFound('Call log')
    return work(trx, { callId: id, projectId: call.projectId, reviewer: name, now: clock() })
  })
  return { detail }
}
