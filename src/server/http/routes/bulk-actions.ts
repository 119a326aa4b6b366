import type { FastifyInstance } from 'fastify'
import { api } from '#contract/api.ts'
import type { BulkAction } from '#contract/bulk-action.ts'
import { startBulkAction } from '../../actions/start-bulk-action.ts'
import {
  type ChangedBulkAction,
  cancelBulkAction,
  undoBulkAction,
} from '../../actions/stop-bulk-action.ts'
import { listBulkActions, toBulkAction } from '../../store/bulk-actions.ts'
import { badFilter, HttpProblem, notFound } from '../http-problem.ts'
import { projectOf, visitorOf } from '../request-access.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'

/** What is done to many calls at once, in the background. */
export function serveBulkActions(app: FastifyInstance, tools: ServerTools): void {
  const { database, clock, wakeWorker } = tools

  serveEndpoint(app, api.listBulkActions, async ({ request }) => {
    const projectId = await projectOf(database, request, undefined)
    const actions = await listBulkActions(database.reader, projectId)
    return { items: actions.map(toBulkAction) }
  })

  serveEndpoint(app, api.startBulkAction, async ({ body: input, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const startedBy = visitorOf(request).name
    const start = { input, projectId, startedBy, now: clock() }
    const result = await startBulkAction(database, start)
    if (result.kind === 'unreadable-filter') {
      throw badFilter('target.matching.filter', result.issues)
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
}

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
