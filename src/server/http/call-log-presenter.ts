import type { FastifyRequest } from 'fastify'
import { recordingAudioPath } from '#contract/api.ts'
import {
  toCallLogDetail,
  toCallLogListItem,
  type WireCallLogDetail,
  type WireCallLogListItem,
} from '#contract/wire/call-log.ts'
import type { WireFamily } from '#contract/wire/metric-result.ts'
import { show } from '#contract/wire/observe.ts'
import { type CallHead, type CallRecord, findCallRecord } from '../store/calls.ts'
import { listCurrentVerdicts } from '../store/verdicts.ts'
import { badField, HttpProblem, notFound } from './http-problem.ts'
import type { ServerTools } from './server-tools.ts'

/** The address under which clients reach this server, without a final slash. */
export function publicUrl({ config }: ServerTools, request: FastifyRequest): string {
  if (config.publicUrl !== null) return config.publicUrl
  const url = `${request.protocol}://${request.host}`
  if (!URL.canParse(url)) throw badField('host', `Expected a host name, got ${show(request.host)}.`)
  return new URL(url).origin
}

/** A stored call in the wire's full shape. Throws 404 where there is none in the project. */
export async function presentDetail(
  tools: ServerTools,
  request: FastifyRequest,
  { id, projectId }: { id: number; projectId: number | null },
): Promise<WireCallLogDetail> {
  const record = await findCallRecord(tools.database.writer, { id, projectId })
  if (record === null) throw notFound('Call log')
  const present = await detailPresenter(tools, request, id)
  return present(record)
}

/** Presents states of one call in the wire's full shape, with the results that it has now. */
export async function detailPresenter(
  tools: ServerTools,
  request: FastifyRequest,
  id: number,
): Promise<(record: CallRecord) => WireCallLogDetail> {
  const results = (await listCurrentVerdicts(tools.database.writer, [id])).get(id) ?? []
  const family = familyOf(request)
  return (record) => {
    const { recording } = record
    const recordingHref = recording
      ? publicUrl(tools, request) + recordingAudioPath(recording.id)
      : ''
    return toCallLogDetail(record, { results, family, recordingHref })
  }
}

/** Stored calls in the wire's list shape, in their order. Of a head what was said is empty. */
export async function presentItems(
  { database }: ServerTools,
  request: FastifyRequest,
  { calls, hasResults }: { calls: readonly (CallHead | CallRecord)[]; hasResults: boolean },
): Promise<WireCallLogListItem[]> {
  const ids = hasResults ? calls.map(({ id }) => id) : []
  const results = await listCurrentVerdicts(database.reader, ids)
  const family = familyOf(request)
  return calls.map((call) =>
    toCallLogListItem({ ...NO_CONTENT, ...call }, { results: results.get(call.id) ?? [], family }),
  )
}

const NO_CONTENT: Omit<CallRecord, keyof CallHead> = {
  assistantId: '',
  transcriptType: null,
  speakerRule: null,
  segments: [],
  transcriptWarnings: [],
  transcriptText: '',
  metadata: {},
  dynamicVariables: {},
  recordingUrl: null,
  mainAgentChannelIndex: null,
  agentIsInbound: null,
  recording: null,
}

/** A stored call in the wire's list shape. */
export async function presentListItem(
  { database }: ServerTools,
  request: FastifyRequest,
  id: number,
): Promise<WireCallLogListItem> {
  const record = await findCallRecord(database.writer, { id, projectId: null })
  if (record === null) throw new HttpProblem(404, { detail: 'The call was deleted meanwhile.' })
  const results = (await listCurrentVerdicts(database.writer, [id])).get(id) ?? []
  return toCallLogListItem(record, { results, family: familyOf(request) })
}

function familyOf(request: FastifyRequest): WireFamily {
  return request.routeOptions.url?.includes('/observability/v2/') ? 'v2' : 'v1'
}
