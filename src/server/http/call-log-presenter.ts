import type { FastifyRequest } from 'fastify'
import { recordingAudioPath } from '#contract/api.ts'
import {
  toCallLogDetail,
  toCallLogListItem,
  type WireCallLogDetail,
  type WireCallLogListItem,
} from '#contract/wire/call-log.ts'
import { show } from '#contract/wire/observe.ts'
import { type CallHead, type CallRecord, findCallRecord } from '../store/calls.ts'
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
  return detailOf(tools, request, record)
}

export function detailOf(
  tools: ServerTools,
  request: FastifyRequest,
  record: CallRecord,
): WireCallLogDetail {
  const { recording } = record
  const href = recording ? publicUrl(tools, request) + recordingAudioPath(recording.id) : ''
  return toCallLogDetail(record, href)
}

/** A call in the list's shape for a selection without its transcript, which is empty here. */
export function toItemWithoutContent(head: CallHead): WireCallLogListItem {
  return toCallLogListItem({ ...NO_CONTENT, ...head })
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
  id: number,
): Promise<WireCallLogListItem> {
  const record = await findCallRecord(database.writer, { id, projectId: null })
  if (record === null) throw new HttpProblem(404, { detail: 'The call was deleted meanwhile.' })
  return toCallLogListItem(record)
}
