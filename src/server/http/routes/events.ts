import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { type BulkActionsChanged, type CallsChanged, EVENTS_PATH } from '#contract/api.ts'
import { authenticate } from '../../access/authenticate.ts'
import { watchBulkActions } from '../live-bulk-actions.ts'
import { watchCalls } from '../live-calls.ts'
import { credentialsOf, projectOf } from '../request-access.ts'
import type { ServerTools } from '../server-tools.ts'

/** Proxies close a connection on which nothing moves for half a minute. */
const HEARTBEAT_MS = 20_000

/** The live channel: one server-sent event stream per open page. */
export function serveEvents(app: FastifyInstance, { database, clock }: ServerTools): void {
  const open = new Set<ServerResponse>()
  const calls = watchCalls({
    database,
    clock,
    onError: (error) => app.log.error({ err: error }, 'Changed calls could not be listed'),
  })
  const bulkActions = watchBulkActions({
    database,
    onError: (error) => app.log.error({ err: error }, 'Bulk actions could not be listed'),
  })

  app.addHook('preClose', async () => {
    calls.stop()
    bulkActions.stop()
    for (const response of open) response.end()
  })

  app.route({
    method: 'GET',
    url: EVENTS_PATH,
    exposeHeadRoute: false,
    schema: {
      tags: ['dashboard'],
      summary: 'New and changed calls, and the progress of bulk actions, as server-sent events',
    },
    handler: async (request, reply) => {
      const projectId = await projectOf(database, request, undefined)
      reply.hijack()
      const response = reply.raw
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      response.write('retry: 2000\n\n')
      open.add(response)
      const tell = (event: string, data: CallsChanged | BulkActionsChanged) => {
        response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
      }
      const stops = [
        calls.subscribe(projectId, (ids) => tell('calls', { ids })),
        bulkActions.subscribe(projectId, (items) => tell('bulk-actions', { items })),
      ]
      const beat = async () => {
        const visitor = await authenticate(database, credentialsOf(request), clock())
        if (visitor === null) response.end()
        else response.write(': here\n\n')
      }
      // A key that was revoked meanwhile hears nothing more.
      const heartbeat = setInterval(() => {
        beat().catch((error: unknown) => {
          app.log.error({ err: error }, 'A live channel could not be checked')
          response.end()
        })
      }, HEARTBEAT_MS)
      response.on('close', () => {
        clearInterval(heartbeat)
        for (const stop of stops) stop()
        open.delete(response)
      })
    },
  })
}
