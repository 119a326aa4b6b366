import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import { api } from '#contract/api.ts'
import { type CallListQuery, NEWEST_FIRST } from '#contract/call.ts'
import { deleteCall } from '../../ingest/delete-call.ts'
import { retryRecording } from '../../ingest/retry-recording.ts'
import { swapSpeakersOfCall } from '../../ingest/swap-speakers.ts'
import type { CallQuery } from '../../store/call-query.ts'
import { countCalls, findCallRecord, listCalls, listCallsByIds } from '../../store/calls.ts'
import { badField, HttpProblem, notFound } from '../http-problem.ts'
import { projectOf, visitorOf } from '../request-access.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'

const MAX_IDS = 200

/** Calls for the dashboard: the list by keyset, the review seat, and what a person can do to a call. */
export function serveCalls(app: FastifyInstance, tools: ServerTools): void {
  const { database, clock } = tools

  serveEndpoint(app, api.listCalls, async ({ query: { cursor, limit, ...wanted }, request }) => {
    const query = toCallQuery(wanted, await projectOf(database, request, undefined))
    return listCalls(database, { query, cursor: cursor ?? null, limit })
  })

  serveEndpoint(app, api.countCalls, async ({ query: wanted, request }) => {
    const query = toCallQuery(wanted, await projectOf(database, request, undefined))
    return { count: await countCalls(database, query) }
  })

  serveEndpoint(app, api.getCalls, async ({ query: { ids }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const query = toCallQuery({}, projectId)
    return { items: await listCallsByIds(database, { query, ids: parseIds(ids) }) }
  })

  serveEndpoint(app, api.getCall, async ({ params: { id }, request }) => {
    return callOf({ id, projectId: await projectOf(database, request, undefined) })
  })

  serveEndpoint(app, api.deleteCall, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const actor = visitorOf(request).name
    const isDeleted = await deleteCall(tools, { id, projectId, actor, now: clock() })
    if (!isDeleted) throw notFound('Call')
    return { deleted: true }
  })

  serveEndpoint(app, api.retryRecording, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const queued = await retryRecording(database, { id, projectId, now: clock() })
    if (!queued)
      throw new HttpProblem(409, { detail: 'The recording of this call has not failed.' })
    tools.wakeWorker()
    return { queued }
  })

  serveEndpoint(app, api.swapSpeakers, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const actor = visitorOf(request).name
    const isSwapped = await swapSpeakersOfCall(database, { id, projectId, actor, now: clock() })
    if (!isSwapped) throw notFound('Call')
    return callOf({ id, projectId })
  })

  async function callOf(by: { id: number; projectId: number }) {
    const call = await findCallRecord(database.reader, by)
    if (call === null) throw notFound('Call')
    const { projectId, success, transcriptText, mainAgentChannelIndex, agentIsInbound, ...detail } =
      call
    return detail
  }
}

function toCallQuery(
  { search, status, agentId, sort }: z.output<typeof CallListQuery>,
  projectId: number,
): CallQuery {
  return { projectId, search, status, agentId, sort: sort ?? NEWEST_FIRST }
}

function parseIds(text: string): number[] {
  const items = text.split(',').filter((item) => item !== '')
  const wrong = items.find((item) => !/^\d+$/.test(item))
  if (wrong !== undefined) throw badField('ids', `Expected comma-separated ids, got "${wrong}".`)
  if (items.length > MAX_IDS) throw badField('ids', `Expected at most ${MAX_IDS} ids.`)
  return items.map(Number)
}
