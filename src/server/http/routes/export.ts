import type { FastifyInstance } from 'fastify'
import { EXPORT_COUNT_HEADER, EXPORT_PATH, ExportQuery } from '#contract/api.ts'
import { type ExportFormat, exportCalls } from '../../actions/export-calls.ts'
import { readSelection } from '../../store/call-selection.ts'
import { badFilter } from '../http-problem.ts'
import { projectOf } from '../request-access.ts'
import type { ServerTools } from '../server-tools.ts'

const TYPE: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/jsonl; charset=utf-8',
}

/** Every call of a query as a file, as long as it takes. */
export function serveExport(app: FastifyInstance, { database, clock }: ServerTools): void {
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
      const read = readSelection(selection, { projectId, now })
      if (!read.ok) throw badFilter('filter', read.issues)
      const { callCount, body } = await exportCalls(database, { query: read.query, format })
      return reply
        .headers({
          [EXPORT_COUNT_HEADER]: callCount,
          'content-disposition': `attachment; filename="${fileName({ format, now })}"`,
          'cache-control': 'no-store',
        })
        .type(TYPE[format])
        .send(body)
    },
  })
}

/** Such as `talktrack-calls-2026-08-31T14-05-09Z.csv`: in order when sorted, and allowed on every system. */
function fileName({ format, now }: { format: ExportFormat; now: number }): string {
  const time = new Date(now).toISOString().replace(/\.\d+/, '').replaceAll(':', '-')
  return `talktrack-calls-${time}.${format}`
}
