import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { FilterGroup } from '#contract/filter.ts'
import { parseFilterJson } from '#contract/filter-parse.ts'
import { WireCallLogDetail, WireCallLogListItem, wirePage } from '#contract/wire/call-log.ts'
import {
  agentIdOf,
  listOrderOf,
  pageSizeOf,
  toListFilter,
  WireListQuery,
} from '#contract/wire/list-query.ts'
import { WireCallLogPatch } from '#contract/wire/observe.ts'
import { changeCall } from '../../ingest/change-call.ts'
import { blankCall, deleteCall } from '../../ingest/delete-call.ts'
import { findAgentIdentity } from '../../store/agents.ts'
import type { CallQuery } from '../../store/call-query.ts'
import {
  countCalls,
  findCallIdentity,
  findCallRecord,
  getCallHeads,
  getCallRecords,
  listCallIds,
} from '../../store/calls.ts'
import type { Database } from '../../store/database.ts'
import { isPattern } from '../../store/re2-pattern.ts'
import { detailPresenter, presentDetail, presentItems, publicUrl } from '../call-log-presenter.ts'
import { badField, badFilter, HttpProblem, notFound } from '../http-problem.ts'
import { MAX_TEXT_BYTES, receiveBody } from '../receive-observe.ts'
import { projectOf, visitorOf } from '../request-access.ts'
import {
  assertKnown,
  InvalidSelection,
  leavesOut,
  parseSelection,
  type Selection,
  selectFields,
} from '../select-fields.ts'
import type { ServerTools } from '../server-tools.ts'
import { checkAllButBody } from '../unchecked-body.ts'
import { serveObserve } from './observe.ts'

const positive = z.coerce.number().int().positive()
const blank = (value: unknown) => (value === '' ? undefined : value)
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blank, schema.optional())

const ById = z.object({ id: positive })

/** Every operation on call logs, under each of the path families that clients use. */
export function serveCallLogs(app: FastifyInstance, tools: ServerTools, path: string): void {
  serveList(app, tools, path)
  serveObserve(app, tools, path)
  serveDetail(app, tools, path)
  serveChange(app, tools, path)
  serveDeletion(app, tools, path)
}

function serveList(app: FastifyInstance, tools: ServerTools, path: string): void {
  app.route({
    method: 'GET',
    url: path,
    schema: {
      tags: ['call logs'],
      summary: 'List call logs, newest first',
      description: 'Every parameter narrows what the others leave.',
      querystring: WireListQuery,
      response: { 200: wirePage(WireCallLogListItem) },
    },
    handler: async (request, reply) => {
      const input = request.query as WireListQuery
      const query = await toCallQuery(tools, request, input)
      const selection = readSelection(input.ql, WireCallLogListItem)
      const page = input.page ?? 1
      const pageSize = pageSizeOf(input)
      const { database } = tools
      const { signal } = request
      const count = await countCalls(database, query, { signal })
      if (page > 1 && (page - 1) * pageSize >= count) {
        throw new HttpProblem(404, { detail: 'Invalid page.' })
      }
      const ids = await listCallIds(database, {
        query,
        offset: (page - 1) * pageSize,
        limit: pageSize,
        signal,
      })
      const wanted = { ids, projectId: query.projectId }
      const read = leavesAllOut(selection, CONTENT_FIELDS) ? getCallHeads : getCallRecords
      const calls = await read(database.reader, wanted)
      const hasResults = !leavesAllOut(selection, RESULT_FIELDS)
      const items = await presentItems(tools, request, { calls, hasResults })
      const answer = {
        count,
        next: page * pageSize < count ? pageUrl(tools, request, page + 1) : null,
        previous: page > 1 ? pageUrl(tools, request, page - 1) : null,
      }
      if (selection === null) return { ...answer, results: items }
      return sendSelected(reply, { ...answer, results: select(items, selection) })
    },
  })
}

async function toCallQuery(
  { database, clock }: ServerTools,
  request: FastifyRequest,
  input: WireListQuery,
): Promise<CallQuery> {
  const filter = toListFilter(input, readFiltersV2(input))
  const asked = input.project_id ?? (await projectOfAgent(database, request, agentIdOf(input)))
  return {
    projectId: await projectOf(database, request, asked),
    sort: listOrderOf(input),
    now: clock(),
    search: input.search,
    filter,
  }
}

function readFiltersV2({ filters_v2: text = '' }: WireListQuery): FilterGroup {
  const parsed = parseFilterJson(text, { isPattern })
  if (parsed.ok) return parsed.filter
  throw badFilter('filters_v2', parsed.issues)
}

/** With a key for every project, naming an agent also says which project is meant. */
async function projectOfAgent(
  database: Database,
  request: FastifyRequest,
  id: number | undefined,
): Promise<number | undefined> {
  if (id === undefined || visitorOf(request).projectId !== null) return undefined
  const agent = await findAgentIdentity(database.reader, { id, projectId: null })
  return agent?.projectId
}

function readSelection(ql: string | undefined, { shape }: z.ZodObject): Selection | null {
  if (ql === undefined) return null
  return refusingSelection(() => {
    const selection = parseSelection(ql)
    assertKnown(selection, Object.keys(shape))
    return selection
  })
}

/** True if none of the fields is asked for, so that what they show need not be loaded. */
function leavesAllOut(
  selection: Selection | null,
  fields: readonly (keyof WireCallLogListItem)[],
): boolean {
  return selection !== null && fields.every((field) => leavesOut(selection, field))
}

const CONTENT_FIELDS = ['transcript', 'transcript_object'] as const
const RESULT_FIELDS = ['metrics', 'evaluation'] as const

/** Sends what was selected, without the described shape: parts of it that are always there may be left out. */
function sendSelected(reply: FastifyReply, answer: unknown): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer))
}

function select(items: unknown, selection: Selection) {
  return refusingSelection(() => selectFields(items, selection))
}

function refusingSelection<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof InvalidSelection) throw badField('ql', error.message)
    throw error
  }
}

function pageUrl(tools: ServerTools, request: FastifyRequest, page: number): string {
  const base = publicUrl(tools, request)
  // A request line may name a whole address of its own; only its path and query are ours.
  const { pathname, search } = new URL(request.url, base)
  const url = new URL(base + pathname + search)
  url.searchParams.set('page', String(page))
  if (page === 1) url.searchParams.delete('page')
  return url.href
}

function serveDetail(app: FastifyInstance, tools: ServerTools, path: string): void {
  app.route({
    method: 'GET',
    url: `${path}/:id`,
    schema: {
      tags: ['call logs'],
      summary: 'One call log',
      params: ById,
      querystring: z.object({ ql: optional(z.string()) }),
      response: { 200: WireCallLogDetail },
    },
    handler: async (request, reply) => {
      const { id } = request.params as z.output<typeof ById>
      const selection = readSelection((request.query as { ql?: string }).ql, WireCallLogDetail)
      const { projectId } = visitorOf(request)
      const detail = await presentDetail(tools, request, { id, projectId })
      return selection ? sendSelected(reply, select(detail, selection)) : detail
    },
  })
}

function serveChange(app: FastifyInstance, tools: ServerTools, path: string): void {
  app.route({
    method: 'PATCH',
    url: `${path}/:id`,
    config: { access: 'write' },
    bodyLimit: MAX_TEXT_BYTES,
    validatorCompiler: checkAllButBody,
    schema: {
      tags: ['call logs'],
      summary: 'Change a call log: verdict, feedback, transcript, metadata',
      consumes: ['application/json', 'multipart/form-data', 'application/x-www-form-urlencoded'],
      params: ById,
      body: WireCallLogPatch,
      response: { 200: WireCallLogDetail },
    },
    handler: async (request) => {
      const { database, clock } = tools
      const { id } = request.params as z.output<typeof ById>
      const { projectId } = visitorOf(request)
      const before = await findCallRecord(database.writer, { id, projectId })
      if (before === null) throw notFound('Call log')
      const fields = await receivePatch(tools, request)
      const present = await detailPresenter(tools, request, before)
      const result = await changeCall(database, {
        id,
        projectId: before.projectId,
        patch: WireCallLogPatch.parse(withoutEchoes(fields, present(before))),
        reviewer: visitorOf(request).name,
        current: present,
        now: clock(),
      })
      if (result.kind === 'not-found') throw notFound('Call log')
      if (result.kind === 'refused') throw new HttpProblem(400, result.problem)
      tools.wakeWorker()
      return presentDetail(tools, request, { id, projectId })
    },
  })
}

async function receivePatch({ files, config }: ServerTools, request: FastifyRequest) {
  const { fields, upload } = await receiveBody(request, {
    files,
    maxBytes: config.maxRecordingBytes,
  })
  if (upload === null) return fields
  await files.remove(upload.file.storageKey)
  throw badField('voice_recording', 'A recording is sent with observe, under the same call_id.')
}

/** A client that sends a whole call back sends two fields as they are shown, which is not how they are set. */
function withoutEchoes(fields: Record<string, unknown>, shown: WireCallLogDetail) {
  const { duration, status, ...rest } = fields
  return {
    ...rest,
    ...(duration !== undefined && duration !== shown.duration && { duration }),
    ...(status !== undefined &&
      !(status === 'evaluating' && shown.status === 'evaluating') && { status }),
  }
}

const DeleteBody = z.object({
  agent_id: positive.optional(),
  call_logs: z.array(positive).max(10_000),
  retain_evaluations: z.boolean().default(false),
})

function serveDeletion(app: FastifyInstance, tools: ServerTools, path: string): void {
  app.route({
    method: 'DELETE',
    url: `${path}/:id`,
    config: { access: 'write' },
    schema: {
      tags: ['call logs'],
      summary: 'Delete a call log, its transcript and its recording',
      params: ById,
      querystring: z.object({ retain_evaluations: optional(z.stringbool()) }),
      response: { 204: z.undefined() },
    },
    handler: async (request, reply) => {
      const { id } = request.params as z.output<typeof ById>
      const { retain_evaluations } = request.query as { retain_evaluations?: boolean }
      const { projectId } = visitorOf(request)
      const call = await findCallIdentity(tools.database.writer, { id, projectId })
      if (call === null) throw notFound('Call log')
      const remove = retain_evaluations ? blankCall : deleteCall
      await remove(tools, deletionOf(tools, request, call))
      return reply.status(204).send()
    },
  })
  app.route({
    method: 'POST',
    url: `${path}/delete_call_logs`,
    config: { access: 'write' },
    schema: {
      tags: ['call logs'],
      summary: 'Delete several call logs; ids that are not yours are ignored',
      body: DeleteBody,
      response: { 204: z.undefined() },
    },
    handler: async (request, reply) => {
      const body = request.body as z.output<typeof DeleteBody>
      const { projectId } = visitorOf(request)
      const remove = body.retain_evaluations ? blankCall : deleteCall
      for (const id of body.call_logs) {
        // SQLite answers within the same turn of the event loop: others get theirs between two deletions.
        await setImmediate()
        const call = await findCallIdentity(tools.database.writer, { id, projectId })
        if (call === null) continue
        if (body.agent_id !== undefined && call.agentId !== body.agent_id) continue
        await remove(tools, deletionOf(tools, request, call))
      }
      return reply.status(204).send()
    },
  })
}

function deletionOf(
  { clock }: ServerTools,
  request: FastifyRequest,
  { id, projectId }: { id: number; projectId: number },
) {
  return { id, projectId, actor: visitorOf(request).name, now: clock() }
}
