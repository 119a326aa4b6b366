import type { FastifyInstance } from 'fastify'
import { api } from '#contract/api.ts'
import { changeAgent, findAgent, insertAgent, listAgents } from '../../store/agents.ts'
import { notFound } from '../http-problem.ts'
import { projectOf } from '../request-access.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'

/** Agents for the dashboard. */
export function serveAgents(app: FastifyInstance, { database, clock }: ServerTools): void {
  const agentOf = async (by: { id: number; projectId: number }) => {
    const agent = await findAgent(database.writer, by)
    if (agent === null) throw notFound('Agent')
    return agent
  }

  serveEndpoint(app, api.listAgents, async ({ request }) => {
    const projectId = await projectOf(database, request, undefined)
    return { items: await listAgents(database.reader, projectId) }
  })

  serveEndpoint(app, api.createAgent, async ({ body: agent, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const id = await insertAgent(database.writer, { projectId, agent, isDemo: false, now: clock() })
    return agentOf({ id, projectId })
  })

  serveEndpoint(app, api.getAgent, async ({ params: { id }, request }) => {
    return agentOf({ id, projectId: await projectOf(database, request, undefined) })
  })

  serveEndpoint(app, api.changeAgent, async ({ params: { id }, body: change, request }) => {
    const projectId = await projectOf(database, request, undefined)
    await database.transaction((trx) => changeAgent(trx, { id, projectId, change, now: clock() }))
    return agentOf({ id, projectId })
  })
}
