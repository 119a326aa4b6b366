import { type CallSelection, NEWEST_FIRST } from '#contract/call.ts'
import type { FilterIssue } from '#contract/filter-parse.ts'
import { describeSelection } from '#contract/filter-words.ts'
import { MAX_QUEUE_CALLS, type QueueInput } from '#contract/review-queue.ts'
import { listAgents } from '../store/agents.ts'
import { recordAudit } from '../store/audit-log.ts'
import type { CallQuery } from '../store/call-query.ts'
import { readSelection } from '../store/call-selection.ts'
import { listAllCallIds } from '../store/call-snapshots.ts'
import { listCallIds } from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import { listMetrics } from '../store/metrics.ts'
import { type DrawnCall, insertQueue } from '../store/queues.ts'
import { mixIn, type Random, sampleOf, without } from './draw-calls.ts'

export type CreatedQueue =
  | { kind: 'created'; id: number }
  | { kind: 'unreadable-filter'; issues: readonly FilterIssue[] }
  | { kind: 'no-calls' }

type Create = {
  input: QueueInput
  projectId: number
  createdBy: string
  now: number
  random: Random
  signal: AbortSignal
}

/**
 * Makes a queue of the calls that match now, newest first, with the control sample at random places among them. A queue
 * without a reason has its filter in words for one.
 */
export async function createQueue(database: Database, create: Create): Promise<CreatedQueue> {
  const { input, projectId, createdBy, now } = create
  const read = readSelection(input.selection, { projectId, now })
  if (!read.ok) return { kind: 'unreadable-filter', issues: read.issues }
  const query: CallQuery = { ...read.query, sort: NEWEST_FIRST }
  const calls = await drawCalls(database, { ...create, query })
  if (calls.length === 0) return { kind: 'no-calls' }
  const reason = input.reason || (await wordsOf(database, query))
  const { selection } = input
  const id = await database.transaction(async (trx) => {
    const kept: CallSelection = selection
    const queue = { ...input, selection: kept, reason, projectId, calls, createdBy, now }
    const queueId = await insertQueue(trx, queue)
    const action = `create queue ${JSON.stringify(input.name)} of ${calls.length} calls`
    await recordAudit(trx, { now, actor: createdBy, action, subject: `queue:${queueId}` })
    return queueId
  })
  return { kind: 'created', id }
}

type Draw = Create & { query: CallQuery }

async function drawCalls(database: Database, draw: Draw): Promise<DrawnCall[]> {
  const { input, query, random, signal } = draw
  const { sampleCount, controlCount } = input
  const most = MAX_QUEUE_CALLS - controlCount
  if (sampleCount === null && controlCount === 0) {
    const ids = await listCallIds(database, { query, limit: most, signal })
    return ids.map((callId) => ({ callId, isControl: false }))
  }
  const matching = await listAllCallIds(database, { query, signal })
  if (matching.length === 0) return []
  const wanted =
    sampleCount === null
      ? await listCallIds(database, { query, limit: most, signal })
      : await newestFirst(database, {
          ...draw,
          ids: await sampleOf(matching, { count: Math.min(sampleCount, most), random, signal }),
        })
  const control = controlCount === 0 ? [] : await drawControl(database, { ...draw, matching })
  return mixIn<DrawnCall>(
    wanted.map((callId) => ({ callId, isControl: false })),
    control.map((callId) => ({ callId, isControl: true })),
    random,
  )
}

/** The same ids in the order of the list. */
function newestFirst(
  database: Database,
  { query, ids, signal }: Draw & { ids: readonly number[] },
): Promise<number[]> {
  const { search: _, filter: __, ...all } = query
  return listCallIds(database, { query: { ...all, ids }, limit: ids.length, signal })
}

async function drawControl(
  database: Database,
  { query, input, random, signal, matching }: Draw & { matching: readonly number[] },
): Promise<number[]> {
  const { search: _, filter: __, ...all } = query
  const everything = await listAllCallIds(database, { query: all, signal })
  const unmatched = await without(everything, { others: matching, signal })
  return sampleOf(unmatched, { count: input.controlCount, random, signal })
}

async function wordsOf(database: Database, query: CallQuery): Promise<string> {
  const { projectId, filter, search = '' } = query
  const metrics = await listMetrics(database.reader, projectId)
  const agents = await listAgents(database.reader, projectId)
  const metricNames = new Map(metrics.map(({ id, name }) => [id, name]))
  const agentNames = new Map(agents.map(({ id, name }) => [id, name]))
  return describeSelection(
    { filter: filter ?? { operator: 'and', conditions: [] }, search },
    { metricName: (id) => metricNames.get(id), agentName: (id) => agentNames.get(id) },
  )
}
