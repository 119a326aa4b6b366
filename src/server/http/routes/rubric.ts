import type { FastifyInstance } from 'fastify'
import { judgingApi } from '#contract/judging-api.ts'
import { recordAudit } from '../../store/audit-log.ts'
import { listMetricRecords } from '../../store/metrics.ts'
import { findRubric, saveRubric } from '../../store/rubrics.ts'
import { checkRubric } from '../check-rubric.ts'
import { HttpProblem } from '../http-problem.ts'
import { projectOf, visitorOf } from '../request-access.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'

/** Which results make a call succeed. */
export function serveRubric(app: FastifyInstance, { database, clock }: ServerTools): void {
  serveEndpoint(app, judgingApi.getRubric, async ({ request }) =>
    findRubric(database.writer, await projectOf(database, request, undefined)),
  )

  serveEndpoint(app, judgingApi.changeRubric, async ({ body: rubric, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const metrics = await listMetricRecords(database.reader, projectId)
    const kept = await findRubric(database.reader, projectId)
    const rules = checkRubric(rubric, { metrics, kept })
    if (rules.length > 0) throw new HttpProblem(400, { rules })
    const now = clock()
    const actor = visitorOf(request).name
    await database.transaction(async (trx) => {
      await saveRubric(trx, { projectId, rubric, now })
      const what = { action: 'change rubric', subject: `project:${projectId}` }
      await recordAudit(trx, { now, actor, ...what })
    })
    return rubric
  })
}
