import type { FastifyInstance } from 'fastify'
import { AGREEMENT_DAYS } from '#contract/agreement.ts'
import { agreementApi } from '#contract/agreement-api.ts'
import { listAgreement, readAgreement } from '../../store/agreement.ts'
import { projectOf } from '../request-access.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'
import { liveMetric } from './metrics.ts'

const DAY_MS = 24 * 60 * 60_000

/** How far metrics agree with people. */
export function serveAgreement(app: FastifyInstance, tools: ServerTools): void {
  const { database, clock } = tools

  serveEndpoint(app, agreementApi.listAgreement, async ({ request }) => {
    const projectId = await projectOf(database, request, undefined)
    const sinceMs = clock() - AGREEMENT_DAYS * DAY_MS
    const { signal } = request
    return {
      days: AGREEMENT_DAYS,
      items: await listAgreement(database, { projectId, sinceMs, signal }),
    }
  })

  serveEndpoint(app, agreementApi.getAgreement, async ({ params: { id }, query, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const metric = await liveMetric(tools, { id, projectId })
    const sinceMs = clock() - query.days * DAY_MS
    const report = await readAgreement(database, { metric, sinceMs, signal: request.signal })
    return { ...report, days: query.days }
  })
}
