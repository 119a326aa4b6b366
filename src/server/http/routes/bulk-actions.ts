import type { FastifyInstance } from 'fastify'
import { api } from '#contract/api.ts'
import type { BulkAction } from '#contract/bulk-action.ts'
import { judgingApi } from '#contract/judging-api.ts'
import { retryFailedCalls } from '../../actions/retry-failed-calls.ts'
import { startBulkAction } from '../../actions/start-bulk-action.ts'
import {
  type ChangedBulkAction,
  cancelBulkAction,
  undoBulkAction,
} from '../../actions/stop-bulk-action.ts'
import { estimateRun } from '../../evaluation/estimate-run.ts'
import { findBulkAction, listBulkActions, toBulkAction } from '../../store/bulk-actions.ts'
import { listRunFlips } from '../../store/run-flips.ts'
import { badFilter, HttpProblem, notFound } from '../http-problem.ts'
import { refuseForeignMetrics } from '../refuse-foreign-metrics.ts'
import { projectOf, visitorOf } from '../request-access.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'

/** What is done to many calls at once, in the background; what a rerun would take, and what it turned. */
export function serveBulkActions(app: FastifyInstance, tools: ServerTools): void {
  const { database, clock, wakeWorker } = tools

  serveEndpoint(app, api.listBulkActions, async ({ request }) => {
    const projectId = await projectOf(database, request, undefined)
    const actions = await listBulkActions(database.reader, projectId)
    return { items: actions.map(toBulkAction) }
  })

  serveEndpoint(app, api.startBulkAction, async ({ body: input, request }) => {
    const projectId = await projectOf(database, request, undefined)
    if (input.work.kind === 'rerun') {
      const { metricIds = [] } = input.work
      await refuseForeignMetrics(tools, { field: 'work', metricIds, projectId })
    }
    const startedBy = visitorOf(request).name
    const start = { input, projectId, startedBy, now: clock() }
    const result = await startBulkAction(database, start)
    if (result.kind === 'unreadable-filter') {
      throw badFilter(FILTER, result.issues)
    }
    wakeWorker()
    return toBulkAction(result.action)
  })

  serveEndpoint(app, api.cancelBulkAction, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const actor = visitorOf(request).name
    return changed(await cancelBulkAction(database, { id, projectId, actor, now: clock() }))
  })

  serveEndpoint(app, api.undoBulkAction, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const actor = visitorOf(request).name
    const result = await undoBulkAction(database, { id, projectId, actor, now: clock() })
    wakeWorker()
    return changed(result)
  })

  serveEndpoint(app, api.retryBulkAction, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const startedBy = visitorOf(request).name
    const result = await retryFailedCalls(database, { id, projectId, startedBy, now: clock() })
    wakeWorker()
    return changed(result)
  })

  serveEndpoint(app, judgingApi.listFlips, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const action = await findBulkAction(database.reader, { id, projectId })
    if (action?.work.kind !== 'rerun') throw notFound('Rerun')
    return listRunFlips(database, { runId: id, projectId })
  })

  serveEndpoint(app, judgingApi.estimateRun, async ({ body, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const { metricIds = [] } = body
    await refuseForeignMetrics(tools, { field: 'metricIds', metricIds, projectId })
    const maxConcurrent = tools.config.judge?.maxConcurrent ?? 1
    const result = await estimateRun({ ...tools, maxConcurrent }, { request: body, projectId })
    if (result.kind === 'unreadable-filter') throw badFilter(FILTER, result.issues)
    return result.estimate
  })
}

const FILTER = 'target.matching.filter'

function changed(result: ChangedBulkAction): BulkAction {
  switch (result.kind) {
    case 'changed':
      return toBulkAction(result.action)
    case 'not-found':
      throw notFound('Bulk action')
    case 'refused':
      throw new HttpProblem(409, { detail: result.message })
    default:
      return result satisfies never
  }
}
