import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { type CallsChanged, EVENTS_PATH } from '#contract/api.ts'
import { authenticate } from '../../access/authenticate.ts'
import { watchCalls } from '../live-calls.ts'
import { credentialsOf, projectOf } from '../request-access.ts'
import type { ServerTools } from '../server-tools.ts'

/** Proxies close a connection on which nothing moves for half a minute. */
const HEARTBEAT_MS = 20_000

/** The live channel: one server-sent event stream per open page. */
export function serveEvents(app: FastifyInstance, { database, clock }: ServerTools): void {
  const open = new Set<ServerResponse>()
  const live = watchCalls({
    database,
    clock,
    onError: (error) => app.log.error({ err: error }, 'Changed calls could not be listed'),
  })

  app.addHook('preClose', async () => {
    live.stop()
    for (const response of open) response.end()
  })

  app.route({
    method: 'GET',
    url: EVENTS_PATH,
    exposeHeadRoute: false,
    schema: { tags: ['dashboard'], summary: 'Ids of new and changed calls, as server-sent events' },
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
      const stop = live.subscribe(projectId, (ids) => {
        response.write(`event: calls\ndata: ${JSON.stringify({ ids } satisfies CallsChanged)}\n\n`)
      })
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
        stop()
        open.delete(response)
      })
    },
  })
}
