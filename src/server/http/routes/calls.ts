import type { FastifyInstance, FastifyRequest } from 'fastify'
import { api } from '#contract/api.ts'
import type { CallListQuery } from '#contract/call.ts'
import { deleteCall } from '../../ingest/delete-call.ts'
import { retryRecording } from '../../ingest/retry-recording.ts'
import { swapSpeakersOfCall } from '../../ingest/swap-speakers.ts'
import {
  countCalls,
  findCallRecord,
  listCalls,
  listCallsByIds,
  listMatchingIds,
} from '../../store/calls.ts'
import { HttpProblem, notFound } from '../http-problem.ts'
import { parseIds } from '../parse-ids.ts'
import { readCallQuery } from '../read-call-query.ts'
import { projectOf, visitorOf } from '../request-access.ts'
import { withResults } from '../row-results.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'

/** Calls for the dashboard: the list by keyset, the review seat, and what a person can do to a call. */
export function serveCalls(app: FastifyInstance, tools: ServerTools): void {
  const { database, clock } = tools

  serveEndpoint(app, api.listCalls, async ({ query: asked, request }) => {
    const { cursor, limit, metrics, ...wanted } = asked
    const query = await queryOf(request, wanted)
    const page = { query, cursor: cursor ?? null, limit, signal: request.signal }
    const { items: calls, nextCursor } = await listCalls(database, page)
    return { items: await withResults(database.reader, { calls, metrics }), nextCursor }
  })

  serveEndpoint(app, api.countCalls, async ({ query: wanted, request }) => {
    const query = await queryOf(request, wanted)
    return { count: await countCalls(database, query, { signal: request.signal }) }
  })

  serveEndpoint(app, api.getCalls, async ({ query: asked, request }) => {
    const { ids: text, metrics, ...wanted } = asked
    const ids = parseIds(text)
    const query = await queryOf(request, wanted)
    const calls = await listCallsByIds(database.reader, { projectId: query.projectId, ids })
    const items = await withResults(database.reader, { calls, metrics })
    if (!wanted.search && !wanted.filter) return { items, leftIds: [] }
    const { signal } = request
    const matching = new Set(await listMatchingIds(database, { query, ids, signal }))
    const there = new Set(items.map(({ id }) => id))
    return { items, leftIds: ids.filter((id) => there.has(id) && !matching.has(id)) }
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

  async function queryOf(request: FastifyRequest, wanted: CallListQuery) {
    const projectId = await projectOf(database, request, undefined)
    return readCallQuery(wanted, { projectId, now: clock() })
  }

  async function callOf(by: { id: number; projectId: number }) {
    const call = await findCallRecord(database.reader, by)
    if (call === null) throw notFound('Call')
    const { projectId, success, transcriptText, mainAgentChannelIndex, agentIsInbound, ...detail } =
      call
    return detail
  }
}
