import { setImmediate } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Transaction } from 'kysely'
import type { BulkTarget } from '#contract/bulk-action.ts'
import { NEWEST_FIRST } from '#contract/call.ts'
import type { FilterGroup } from '#contract/filter.ts'
import { spellFilter } from '#contract/filter-url.ts'
import { MAX_NAMED_CALLS, type RerunScope, type WantedCalls } from '#contract/wire/rerun.ts'
import { handOutCalls } from '../actions/hand-out-calls.ts'
import { startBulkAction } from '../actions/start-bulk-action.ts'
import { enqueue } from '../queue/job-kinds.ts'
import { findAgentIdentity } from '../store/agents.ts'
import {
  type BulkActionRecord,
  countRunningBulkActions,
  findBulkAction,
} from '../store/bulk-actions.ts'
import type { CallQuery } from '../store/call-query.ts'
import { listCallStandings } from '../store/call-standings.ts'
import {
  countCalls,
  findCallIdentity,
  getCallHeads,
  listCallIds,
  updateCallRow,
} from '../store/calls.ts'
import type { Tables } from '../store/tables.ts'
import { badField, HttpProblem } from './http-problem.ts'
import { refuseForeignMetrics } from './refuse-foreign-metrics.ts'
import { projectOf, visitorOf } from './request-access.ts'
import type { ServerTools } from './server-tools.ts'
import { throttled } from './throttled.ts'

/** Most calls that a rerun answers with; the work goes on for all. */
export const MAX_ANSWERED = 200
const MAX_RUNNING = 20
const RUNNING_WAIT_SECONDS = 30
const STEP_CALLS = 50
/** Until then the run has come to its calls, unless it was cancelled. */
const SAFETY_MS = 60 * 60_000

export type RerunRequest = {
  scope: RerunScope
  wanted: WantedCalls
  /** Null: every metric that is on. */
  metricIds: readonly number[] | null
  /** `refused`: calls that wait for their first evaluation are a mistake; they get all metrics anyway. */
  firstPass: 'accepted' | 'refused'
}

/**
 * Begins to judge calls again and opens those that nobody reviewed, so that whoever polls sees them being evaluated.
 * Gives the ids of the calls to answer with, newest first, at most 200. Throws 400 for what is not in the scope.
 */
export async function startRerun(
  tools: ServerTools,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  { scope, wanted, metricIds, firstPass }: RerunRequest,
): Promise<{ ids: number[]; projectId: number }> {
  const place = await placeOf(tools, request, { scope, wanted })
  const { projectId } = place
  await refuseForeignMetrics(tools, { field: 'metrics', metricIds: metricIds ?? [], projectId })
  const calls = await findCalls(tools, { place, wanted })
  if (firstPass === 'refused') refuseFirstPass(calls)
  if (calls.answered.length === 0) return { ids: [], projectId }
  if ((await countRunningBulkActions(tools.database.writer, projectId)) >= MAX_RUNNING) {
    throw throttled(reply, RUNNING_WAIT_SECONDS)
  }
  const startedBy = visitorOf(request).name
  const work = { kind: 'rerun' as const, ...(metricIds && { metricIds: [...metricIds] }) }
  const input = { work, target: calls.target }
  const now = tools.clock()
  const started = await startBulkAction(tools.database, { input, projectId, startedBy, now })
  if (started.kind !== 'started') throw new Error('A filter of our own cannot be read')
  await openCalls(tools, { action: started.action, calls })
  tools.wakeWorker()
  return { ids: calls.answered, projectId }
}

/** Where calls are looked for. */
type Place = { projectId: number; agentId: number | null }

async function placeOf(
  { database }: ServerTools,
  request: FastifyRequest,
  { scope, wanted }: { scope: RerunScope; wanted: WantedCalls },
): Promise<Place> {
  const agent = await findAgent(database, request, scope)
  if (agent === null && scope.project_id == null && wanted.kind !== 'ids') {
    throw badField(
      'agent_id',
      'Expected agent_id, assistant_id or project_id where no ids are given.',
    )
  }
  const named = scope.project_id ?? agent?.projectId
  const isForAll = visitorOf(request).projectId === null
  const asked = named ?? (isForAll ? await projectOfFirst(database, wanted) : undefined)
  const projectId = await projectOf(database, request, asked)
  if (agent !== null && agent.projectId !== projectId) {
    throw badField('agent_id', `There is no agent ${agent.id} in project ${projectId}.`)
  }
  return { projectId, agentId: agent?.id ?? null }
}

async function findAgent(
  database: ServerTools['database'],
  request: FastifyRequest,
  { agent_id, assistant_id }: RerunScope,
) {
  const { projectId } = visitorOf(request)
  const byId =
    agent_id == null ? null : await findAgentIdentity(database.reader, { id: agent_id, projectId })
  if (agent_id != null && byId === null) {
    throw badField('agent_id', `There is no agent ${agent_id}.`)
  }
  const assistantId = String(assistant_id ?? '')
  if (assistantId === '') return byId
  const byName = await findAgentIdentity(database.reader, { assistantId, projectId })
  if (byName === null) {
    throw badField('assistant_id', `No agent found for assistant_id "${assistantId}".`)
  }
  if (byId !== null && byId.id !== byName.id) {
    throw badField('assistant_id', `Expected the agent of agent_id, got agent ${byName.id}.`)
  }
  return byName
}

/** With a key for every project, naming a call also says which project is meant. */
async function projectOfFirst(
  database: ServerTools['database'],
  wanted: WantedCalls,
): Promise<number | undefined> {
  const [id] = wanted.kind === 'ids' ? wanted.ids : []
  if (id === undefined) return undefined
  const call = await findCallIdentity(database.reader, { id, projectId: null })
  return call?.projectId
}

type FoundCalls = {
  target: BulkTarget
  /** Newest first. */
  answered: number[]
  /** Of the named ones, those that nothing has judged yet. */
  inFirstPass: number[]
}

/** Source: docs/wire.md D5. */
function refuseFirstPass({ inFirstPass }: FoundCalls): void {
  if (inFirstPass.length === 0) return
  const what = inFirstPass.length === 1 ? 'Call log' : 'Call logs'
  const are = inFirstPass.length === 1 ? 'is' : 'are'
  throw new HttpProblem(400, {
    detail: `${what} ${inFirstPass.join(', ')} ${are} still being evaluated.`,
  })
}

async function findCalls(
  tools: ServerTools,
  { place, wanted }: { place: Place; wanted: WantedCalls },
): Promise<FoundCalls> {
  if (wanted.kind === 'ids') return findNamed(tools, { place, ids: wanted.ids })
  const { database, clock } = tools
  const filter = filterOf(place)
  const { projectId } = place
  const query: CallQuery = {
    projectId,
    filter,
    sort: NEWEST_FIRST,
    now: clock(),
    search: undefined,
  }
  const count = await countCalls(database, query)
  const isAll = wanted.kind === 'all' || wanted.count >= count
  const limit = isAll ? count : wanted.count
  if (limit <= MAX_NAMED_CALLS) {
    const ids = await listCallIds(database, { query, limit: Math.max(limit, 1) })
    return { target: { ids }, answered: ids.slice(0, MAX_ANSWERED), inFirstPass: [] }
  }
  if (!isAll) {
    throw badField(
      'call_logs',
      `Expected at most ${MAX_NAMED_CALLS} of the newest calls or "all", got ${limit}.`,
    )
  }
  const answered = await listCallIds(database, { query, limit: MAX_ANSWERED })
  return { target: { matching: { filter: spellFilter(filter) } }, answered, inFirstPass: [] }
}

function filterOf({ agentId }: Place): FilterGroup {
  const conditions =
    agentId === null ? [] : [{ field: 'agent.id', op: 'eq' as const, value: agentId }]
  return { operator: 'and', conditions }
}

async function findNamed(
  { database }: ServerTools,
  { place: { projectId, agentId }, ids }: { place: Place; ids: number[] },
): Promise<FoundCalls> {
  const calls = await getCallHeads(database.reader, { ids, projectId })
  const inside = calls.filter((call) => agentId === null || call.agentId === agentId)
  const known = new Set(inside.map(({ id }) => id))
  const outside = ids.filter((id) => !known.has(id))
  if (outside.length > 0) {
    const scope = agentId === null ? 'this project' : `agent ${agentId}`
    throw badField('call_logs', `There are no such calls of ${scope}: ${outside.join(', ')}.`)
  }
  const newestFirst = inside.toSorted((a, b) =>
    a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : b.id - a.id,
  )
  return {
    target: { ids },
    answered: newestFirst.slice(0, MAX_ANSWERED).map(({ id }) => id),
    inFirstPass: inside
      .filter(({ status, isJudged }) => status === 'evaluating' && !isJudged)
      .map(({ id }) => id),
  }
}

/** Opens calls a few at a time, so that others get their answers in between. */
async function openCalls(
  { database, clock }: ServerTools,
  { action, calls: { target, answered } }: { action: BulkActionRecord; calls: FoundCalls },
): Promise<void> {
  const ids = 'ids' in target ? target.ids : answered
  for (let start = 0; start < ids.length; start += STEP_CALLS) {
    const callIds = ids.slice(start, start + STEP_CALLS)
    const step = { action, callIds, now: clock() }
    await database.transaction(async (trx) => {
      const run = await findBulkAction(trx, { id: action.id, projectId: null })
      if (run?.state !== 'running') return
      await (run.target === null ? handOutCalls(trx, step) : openAhead(trx, step))
    })
    await setImmediate()
  }
}

type Step = { action: BulkActionRecord; callIds: readonly number[]; now: number }

/**
 * For a run that has not settled its calls: work that was asked for now would be none of its. Asked for later, it closes
 * a call again where the run was cancelled before it came to it; else the run asks for it earlier.
 */
async function openAhead(trx: Transaction<Tables>, { action, callIds, now }: Step): Promise<void> {
  const calls = await listCallStandings(trx, { ids: callIds, projectId: action.projectId })
  for (const { id } of calls.filter(({ isReviewed }) => !isReviewed)) {
    await updateCallRow(trx, { id, fields: { status: 'evaluating', success: null }, now })
    const payload = { callId: id, runId: action.id }
    await enqueue(trx, { kind: 'evaluate-call', payload, now, runAt: now + SAFETY_MS })
  }
}
