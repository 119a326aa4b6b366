import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { WireCallLogDetail, WireCallLogListItem } from '#contract/wire/call-log.ts'
import { type WantedCalls, WireEvaluateMetrics, WireRerun } from '#contract/wire/rerun.ts'
import { getCallRecords } from '../../store/calls.ts'
import { detailPresenter, presentItems } from '../call-log-presenter.ts'
import { badField } from '../http-problem.ts'
import { visitorOf } from '../request-access.ts'
import { createRequestWindow, type RequestWindow } from '../request-window.ts'
import type { ServerTools } from '../server-tools.ts'
import { type RerunRequest, startRerun } from '../start-rerun.ts'

const MAX_REQUESTS_A_MINUTE = 30

/** What all addresses of reruns share: a visitor's requests count together. */
export function createRerunWindow({ clock }: Pick<ServerTools, 'clock'>): RequestWindow {
  return createRequestWindow({ max: MAX_REQUESTS_A_MINUTE, clock })
}

const DESCRIPTION =
  'Calls that nobody reviewed are `evaluating` in the answer already, with `success: null`; reviewed ones keep their ' +
  'outcome. At most 200 calls are in the answer, newest first; all of them are judged. 429 with `Retry-After` past 30 ' +
  'requests a minute, or while 20 actions of the project go on.'

/** Judging calls again, by all metrics or by chosen ones, under each of the path families that clients use. */
export function serveReruns(
  app: FastifyInstance,
  tools: ServerTools,
  { path, window }: { path: string; window: RequestWindow },
): void {
  const start = (
    exchange: { request: FastifyRequest; reply: FastifyReply },
    rerun: RerunRequest,
  ) => {
    window.count(visitorOf(exchange.request), exchange.reply)
    return startRerun(tools, exchange, rerun)
  }

  app.route({
    method: 'POST',
    url: `${path}/rerun_evaluation`,
    config: { access: 'write' },
    schema: {
      tags: ['call logs'],
      summary: 'Judge call logs again by every metric that is on',
      description: DESCRIPTION,
      body: WireRerun,
      response: { 200: z.array(WireCallLogDetail) },
    },
    handler: async (request, reply) => {
      const body = request.body as z.output<typeof WireRerun>
      const { ids, projectId } = await start(
        { request, reply },
        { scope: body, wanted: wantedCalls(body), metricIds: null, firstPass: 'accepted' },
      )
      const records = await getCallRecords(tools.database.writer, { ids, projectId })
      const items: WireCallLogDetail[] = []
      for (const record of records) {
        const present = await detailPresenter(tools, request, record)
        items.push(present(record))
      }
      return items
    },
  })

  app.route({
    method: 'POST',
    url: `${path}/evaluate_metrics`,
    config: { access: 'write' },
    schema: {
      tags: ['call logs'],
      summary: 'Judge call logs by the given metrics',
      description: `${DESCRIPTION} 400 for a named call that waits for its first evaluation.`,
      body: WireEvaluateMetrics,
      response: { 200: z.array(WireCallLogListItem) },
    },
    handler: async (request, reply) => {
      const body = request.body as z.output<typeof WireEvaluateMetrics>
      const metricIds = body.metrics ?? body.metric_ids ?? null
      const { ids, projectId } = await start(
        { request, reply },
        { scope: body, wanted: wantedCalls(body), metricIds, firstPass: 'refused' },
      )
      const calls = await getCallRecords(tools.database.writer, { ids, projectId })
      return presentItems(tools, request, { calls, hasResults: true })
    },
  })
}

function wantedCalls(body: {
  call_logs?: WantedCalls | undefined
  call_ids?: WantedCalls | undefined
}): WantedCalls {
  const wanted = body.call_logs ?? body.call_ids
  if (wanted === undefined) throw badField('call_logs', 'This field is required.')
  return wanted
}
