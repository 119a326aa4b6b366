import type { FastifyInstance } from 'fastify'
import { judgingApi } from '#contract/judging-api.ts'
import type { Metric, MetricContent } from '#contract/metric.ts'
import { PREDEFINED_METRICS } from '../../catalogue/predefined-metrics.ts'
import { addPredefinedMetrics } from '../../evaluation/install-metrics.ts'
import { tryMetric } from '../../evaluation/try-metric.ts'
import { recordAudit } from '../../store/audit-log.ts'
import { readMetricStatistics } from '../../store/metric-statistics.ts'
import {
  changeMetric,
  deleteMetric,
  findMetric,
  listMetricRecords,
  listMetricVersions,
  type MetricRecord,
  restoreMetric,
} from '../../store/metrics.ts'
import { refuseUnknownCodes } from '../catalogue-codes.ts'
import { canBeSampled, checkContent, findForeignAgent } from '../check-metric.ts'
import { badField, HttpProblem, notFound } from '../http-problem.ts'
import { judgeSetting } from '../judge-setting.ts'
import { addMetric, addRule, refuseFullProject } from '../keep-metric.ts'
import { projectOf, visitorOf } from '../request-access.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'
import { untilGone } from '../until-gone.ts'
import { createVisitorTurns } from '../visitor-turns.ts'

/** Metrics for the dashboard: the catalogue, the editor, what a metric would say, and what it said so far. */
export function serveMetrics(app: FastifyInstance, tools: ServerTools): void {
  serveDefinitions(app, tools)
  serveChanges(app, tools)
  serveTrials(app, tools)
}

function serveDefinitions(app: FastifyInstance, tools: ServerTools): void {
  const { database, clock } = tools

  serveEndpoint(app, judgingApi.listMetrics, async ({ request }) => {
    const projectId = await projectOf(database, request, undefined)
    const metrics = await listMetricRecords(database.reader, projectId)
    return { items: metrics.map(toMetric), judge: judgeSetting(tools) }
  })

  serveEndpoint(app, judgingApi.listPredefinedMetrics, async ({ request }) => {
    const projectId = await projectOf(database, request, undefined)
    const metrics = await listMetricRecords(database.reader, projectId)
    const own = metrics.filter(({ content }) => content.kind !== 'recorded')
    const idByCode = new Map(own.map(({ code, id }) => [code, id]))
    return {
      items: PREDEFINED_METRICS.map((entry) => ({
        ...entry,
        metricId: idByCode.get(entry.code) ?? null,
      })),
    }
  })

  serveEndpoint(app, judgingApi.getMetric, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    return toMetric(await liveMetric(tools, { id, projectId }))
  })

  serveEndpoint(app, judgingApi.listMetricVersions, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    await liveMetric(tools, { id, projectId })
    return { items: await listMetricVersions(database.reader, { metricId: id }) }
  })

  serveEndpoint(app, judgingApi.getMetricStatistics, async ({ params: { id }, query, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const metric = await liveMetric(tools, { id, projectId })
    const sinceMs = clock() - query.days * DAY_MS
    return readMetricStatistics(database, { metric, sinceMs, signal: request.signal })
  })
}

const DAY_MS = 24 * 60 * 60_000

function serveChanges(app: FastifyInstance, tools: ServerTools): void {
  const { database, clock } = tools

  serveEndpoint(app, judgingApi.addPredefinedMetrics, async ({ body: { codes }, request }) => {
    refuseUnknownCodes('codes', codes)
    const projectId = await projectOf(database, request, undefined)
    const author = visitorOf(request).name
    const now = clock()
    const metrics = await database.transaction(async (trx) => {
      const what = { action: `add metrics ${codes.join(', ')}`, subject: `project:${projectId}` }
      await recordAudit(trx, { now, actor: author, ...what })
      return addPredefinedMetrics(trx, { projectId, codes, author, now })
    })
    return { items: metrics.map(toMetric) }
  })

  serveEndpoint(app, judgingApi.createMetric, async ({ body, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const { content, addToRubric, ...settings } = body
    refuseContent(content)
    if (addToRubric) refuseUnlessYesNo(content)
    if (settings.isSampled) refuseSampling(content)
    await refuseForeignAgents(tools, { agentIds: settings.agentIds, projectId })
    const author = visitorOf(request).name
    const now = clock()
    const metric = await database.transaction(async (trx) => {
      const described = { projectId, settings, content, wireType: '', author, now }
      const made = await addMetric(trx, { ...described, addsToRubric: addToRubric })
      const what = { action: `make metric "${made.name}"`, subject: `metric:${made.id}` }
      await recordAudit(trx, { now, actor: author, ...what })
      return made
    })
    return toMetric(metric)
  })

  serveEndpoint(app, judgingApi.changeMetric, async ({ params: { id }, body: change, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const before = await liveMetric(tools, { id, projectId })
    const content = change.content ?? before.content
    if (change.content) refuseContent(change.content)
    if (change.addToRubric) refuseUnlessYesNo(content)
    if (change.isSampled) refuseSampling(content)
    await refuseForeignAgents(tools, { agentIds: change.agentIds ?? [], projectId })
    const author = visitorOf(request).name
    const now = clock()
    const metric = await database.transaction(async (trx) => {
      const changed = await changeMetric(trx, { id, projectId, change, author, now })
      if (changed === null) throw notFound('Metric')
      if (change.addToRubric) await addRule(trx, { metric: changed, projectId, now })
      const what = { action: `change metric "${changed.name}"`, subject: `metric:${id}` }
      await recordAudit(trx, { now, actor: author, ...what })
      return changed
    })
    return toMetric(metric)
  })

  serveEndpoint(app, judgingApi.deleteMetric, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    await removeMetric(tools, { id, projectId, actor: visitorOf(request).name })
    return { deleted: true }
  })

  serveEndpoint(app, judgingApi.restoreMetric, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const now = clock()
    const actor = visitorOf(request).name
    const metric = await database.transaction(async (trx) => {
      await refuseFullProject(trx, { projectId, newCount: 1 })
      const restored = await restoreMetric(trx, { id, projectId, now })
      const what = { action: 'restore metric', subject: `metric:${id}` }
      if (restored) await recordAudit(trx, { now, actor, ...what })
      return restored
    })
    if (metric === null) throw notFound('Metric')
    return toMetric(metric)
  })
}

/** Takes a metric away; its results are kept. Throws 404 where there is none in the project. */
export async function removeMetric(
  { database, clock }: Pick<ServerTools, 'database' | 'clock'>,
  { id, projectId, actor }: { id: number; projectId: number; actor: string },
): Promise<void> {
  const now = clock()
  const isDeleted = await database.transaction(async (trx) => {
    const removed = await deleteMetric(trx, { id, projectId, now })
    const what = { action: 'delete metric', subject: `metric:${id}` }
    if (removed) await recordAudit(trx, { now, actor, ...what })
    return removed
  })
  if (!isDeleted) throw notFound('Metric')
}

function serveTrials(app: FastifyInstance, tools: ServerTools): void {
  const { database } = tools
  const turns = createVisitorTurns({
    max: MAX_TRIALS,
    detail: `You are trying metrics on ${MAX_TRIALS} calls already. Wait for one of them.`,
    retryAfterSeconds: TRIAL_SECONDS,
  })

  serveEndpoint(app, judgingApi.tryMetric, async ({ body, request, reply }) => {
    const projectId = await projectOf(database, request, undefined)
    refuseContent(body.content)
    const endTurn = turns.take(visitorOf(request), reply)
    try {
      const signal = untilGone(reply)
      const trial = await tryMetric(tools, { ...body, projectId, signal })
      if (trial === null) throw notFound('Call or metric')
      return trial
    } finally {
      endTurn()
    }
  })
}

/** More than a page of calls side by side would take the judge from everyone else. */
const MAX_TRIALS = 10
const TRIAL_SECONDS = 5

/** A metric that is not deleted. Throws 404 where there is none in the project. */
export async function liveMetric(
  { database }: Pick<ServerTools, 'database'>,
  by: { id: number; projectId: number | null },
): Promise<MetricRecord> {
  const metric = await findMetric(database.writer, by)
  if (metric === null || metric.deletedAt !== null) throw notFound('Metric')
  return metric
}

function toMetric({ projectId, wireType, deletedAt, ...metric }: MetricRecord): Metric {
  return metric
}

function refuseContent(content: MetricContent): void {
  const issues = checkContent(content)
  if (issues.length === 0) return
  const messages = issues.map(({ part, message }) => `${part}: ${message}`)
  throw new HttpProblem(400, { content: messages })
}

function refuseUnlessYesNo({ evalType }: MetricContent): void {
  if (evalType === 'binary') return
  throw badField(
    'addToRubric',
    `Expected a binary metric, got ${evalType}: which ${evalType} results are good is for a rule of the rubric to say.`,
  )
}

/** Sampling spares what judging costs, and these cost nothing. */
function refuseSampling({ kind }: MetricContent): void {
  if (canBeSampled(kind)) return
  throw badField(
    'isSampled',
    'Expected false, got true: a metric that is computed costs nothing and is never sampled.',
  )
}

async function refuseForeignAgents(
  { database }: Pick<ServerTools, 'database'>,
  wanted: { agentIds: readonly number[]; projectId: number },
): Promise<void> {
  const foreign = await findForeignAgent(database.reader, wanted)
  if (foreign !== null) throw badField('agentIds', `There is no agent ${foreign} in this project.`)
}
