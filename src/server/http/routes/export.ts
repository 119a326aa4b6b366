import type { FastifyInstance } from 'fastify'
import { EXPORT_COUNT_HEADER, EXPORT_PATH, ExportQuery } from '#contract/api.ts'
import { exportFileName } from '#contract/export-file-name.ts'
import { type ExportFormat, exportCalls } from '../../actions/export-calls.ts'
import { endWhenStalled } from '../end-when-stalled.ts'
import { HttpProblem } from '../http-problem.ts'
import { readCallQuery } from '../read-call-query.ts'
import { projectOf, visitorOf } from '../request-access.ts'
import type { ServerTools } from '../server-tools.ts'
import { untilGone } from '../until-gone.ts'
import { createVisitorTurns } from '../visitor-turns.ts'

/** A client that takes nothing holds the database's old state, and a place that others wait for. */
const STALL_MS = 60_000
const MAX_PER_VISITOR = 2
/** One fewer than the snapshots that can be open at once: a bulk action needs one to find its calls. */
const MAX_EXPORTS = 7
const RETRY_AFTER_SECONDS = 30
const TOO_MANY = `The server makes ${MAX_EXPORTS} exports already, as many as it can. Try again in a moment.`

const TYPE: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/jsonl; charset=utf-8',
}

/** Every call of a query as a file, as long as it takes. */
export function serveExport(app: FastifyInstance, { database, clock }: ServerTools): void {
  const turns = createVisitorTurns({
    max: MAX_PER_VISITOR,
    detail: `You have ${MAX_PER_VISITOR} exports under way. Wait for one to end, or cancel it.`,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  })
  let openCount = 0

  app.route({
    method: 'GET',
    url: EXPORT_PATH,
    exposeHeadRoute: false,
    schema: {
      tags: ['dashboard'],
      summary: 'Every call of a query as CSV or JSONL; X-Call-Count says how many will come',
      querystring: ExportQuery,
    },
    handler: async (request, reply) => {
      const { format, ...selection } = request.query as ExportQuery
      const projectId = await projectOf(database, request, undefined)
      const now = clock()
      const query = readCallQuery(selection, { projectId, now })
      if (openCount >= MAX_EXPORTS) {
        void reply.header('retry-after', RETRY_AFTER_SECONDS)
        throw new HttpProblem(503, { detail: TOO_MANY })
      }
      const endTurn = turns.take(visitorOf(request), reply)
      openCount += 1
      // After the answer, whichever that is and whoever ends it.
      reply.raw.once('close', () => {
        openCount -= 1
        endTurn()
      })
      const signal = untilGone(reply)
      const { callCount, body } = await exportCalls(database, { query, format, signal })
      endWhenStalled(reply.raw, STALL_MS)
      return reply
        .headers({
          [EXPORT_COUNT_HEADER]: callCount,
          'content-disposition': `attachment; filename="${exportFileName(format, now)}"`,
          'cache-control': 'no-store',
        })
        .type(TYPE[format])
        .send(body)
    },
  })
}
