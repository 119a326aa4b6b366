import type { FastifyInstance } from 'fastify'
import { settingsApi } from '#contract/settings-api.ts'
import { createDistinctApiKey } from '../../access/grant-access.ts'
import { countDemoCalls, removeDemo } from '../../demo/remove-demo.ts'
import { listApiKeys, revokeApiKey } from '../../store/api-keys.ts'
import { recordAudit } from '../../store/audit-log.ts'
import { listDeadJobs, requeueDeadJob } from '../../store/jobs.ts'
import { changeProject, findProject } from '../../store/projects.ts'
import { badField, notFound } from '../http-problem.ts'
import { projectOf, visitorOf } from '../request-access.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'

/** Keys, the project's settings, the demo, and work that failed for good. */
export function serveSettings(app: FastifyInstance, tools: ServerTools): void {
  serveKeys(app, tools)
  serveProject(app, tools)
  serveDemo(app, tools)
  serveDeadJobs(app, tools)
}

function serveKeys(app: FastifyInstance, { database, clock }: ServerTools): void {
  serveEndpoint(app, settingsApi.listKeys, async () => ({
    items: await listApiKeys(database.writer),
  }))

  serveEndpoint(app, settingsApi.createKey, async ({ body: { name, scope }, request }) => {
    const now = clock()
    const actor = visitorOf(request).name
    const created = await createDistinctApiKey(database, { name, scope, actor, now })
    if (created === null) {
      const message = `There is a key "${name}" already. Choose another name, or revoke that key first.`
      throw badField('name', message)
    }
    const { id, key, hint } = created
    return { id, name, scope, hint, key, createdAt: new Date(now).toISOString(), lastUsedAt: null }
  })

  serveEndpoint(app, settingsApi.revokeKey, async ({ params: { id }, request }) => {
    const now = clock()
    const actor = visitorOf(request).name
    const revoked = await database.transaction(async (trx) => {
      const isRevoked = await revokeApiKey(trx, { id, now })
      if (isRevoked)
        await recordAudit(trx, { now, actor, action: 'revoke key', subject: `key:${id}` })
      return isRevoked
    })
    if (!revoked) throw notFound('API key')
    return { revoked }
  })
}

function serveProject(app: FastifyInstance, { database, clock }: ServerTools): void {
  const projectById = async (id: number) => {
    const project = await findProject(database.writer, id)
    if (project === null) throw notFound('Project')
    return project
  }

  serveEndpoint(app, settingsApi.getProject, async ({ request }) =>
    projectById(await projectOf(database, request, undefined)),
  )

  serveEndpoint(app, settingsApi.changeProject, async ({ body: change, request }) => {
    const id = await projectOf(database, request, undefined)
    const now = clock()
    const actor = visitorOf(request).name
    await database.transaction(async (trx) => {
      await changeProject(trx, { id, change, now })
      const action = `change settings ${JSON.stringify(change)}`
      await recordAudit(trx, { now, actor, action, subject: `project:${id}` })
    })
    return projectById(id)
  })
}

function serveDemo(app: FastifyInstance, tools: ServerTools): void {
  serveEndpoint(app, settingsApi.getDemo, async ({ request }) => {
    const projectId = await projectOf(tools.database, request, undefined)
    return { callCount: await countDemoCalls(tools.database, projectId) }
  })

  serveEndpoint(app, settingsApi.removeDemo, async ({ request }) => {
    const projectId = await projectOf(tools.database, request, undefined)
    const actor = visitorOf(request).name
    return { removed: await removeDemo(tools, { projectId, actor }) }
  })
}

function serveDeadJobs(app: FastifyInstance, tools: ServerTools): void {
  const { database, clock } = tools

  serveEndpoint(app, settingsApi.listDeadJobs, async () => {
    const jobs = await listDeadJobs(database.writer)
    return {
      items: jobs.map((job) => ({ ...job, failedAt: new Date(job.failedAt).toISOString() })),
    }
  })

  serveEndpoint(app, settingsApi.requeueDeadJob, async ({ params: { id } }) => {
    const queued = await database.transaction((trx) => requeueDeadJob(trx, { id, now: clock() }))
    if (!queued) throw notFound('Failed job')
    tools.wakeWorker()
    return { queued }
  })
}
