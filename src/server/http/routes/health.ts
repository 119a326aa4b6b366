import type { FastifyInstance, FastifyReply } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { queueDepths } from '../../store/jobs.ts'
import { pendingMigrations } from '../../store/migrate.ts'
import { firstProjectIds } from '../../store/projects.ts'
import { wantsPage } from '../request-access.ts'
import type { ServerTools } from '../server-tools.ts'

/** Is the process up, can it work, and how is it doing. */
export function serveHealth(app: FastifyInstance, tools: ServerTools): void {
  const schema = { hide: true }
  app.get('/healthz', { schema, config: { access: 'public' } }, async () => ({ status: 'ok' }))
  app.get('/readyz', { schema, config: { access: 'public' } }, async (request, reply) => {
    const failures = await findFailures(tools)
    for (const { name, error } of failures)
      request.log.error({ err: error, check: name }, 'Not ready')
    if (failures.length === 0) return { status: 'ready' }
    return reply.status(503).send({ status: 'not ready', failed: failures.map(({ name }) => name) })
  })
  serveMetrics(app, tools)
}

async function findFailures({ database, files }: ServerTools) {
  const checks: Record<string, () => Promise<unknown>> = {
    database: () => firstProjectIds(database.writer),
    migrations: async () => {
      const pending = await pendingMigrations(database.writer)
      if (pending.length > 0) throw new Error(`Migrations not run: ${pending.join(', ')}`)
    },
    recordings: () => files.check(),
  }
  const failures: { name: string; error: unknown }[] = []
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check()
    } catch (error) {
      failures.push({ name, error })
    }
  }
  return failures
}

/** `/metrics` is also a page of the dashboard: a browser that asks for HTML gets the page. */
function serveMetrics(app: FastifyInstance, { database }: ServerTools): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'talktrack_http_request_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  })
  const waiting = new Gauge({
    name: 'talktrack_jobs_waiting',
    help: 'Jobs that wait or run, by kind',
    labelNames: ['kind'],
    registers: [registry],
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request
    requests.observe(
      { method, route: routeOptions.url ?? 'none', status: reply.statusCode },
      reply.elapsedTime / 1000,
    )
  })
  app.get(
    '/metrics',
    { schema: { hide: true }, config: { access: 'page-or-read' } },
    async (request, reply: FastifyReply) => {
      if (wantsPage(request)) return reply.callNotFound()
      waiting.reset()
      for (const { kind, waiting: count } of await queueDepths(database.reader)) {
        waiting.set({ kind }, count)
      }
      return reply.type(registry.contentType).send(await registry.metrics())
    },
  )
}
