import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { AgentInput } from '#contract/agent.ts'
import {
  fromWireAgentChange,
  toWireAgent,
  WireAgent,
  WireAgentChange,
  WireAgentInput,
} from '#contract/wire/agent.ts'
import { changeAgent, findAgent, insertAgent, listAgents } from '../../store/agents.ts'
import { notFound } from '../http-problem.ts'
import { projectOf } from '../request-access.ts'
import type { ServerTools } from '../server-tools.ts'

const ById = z.object({ id: z.coerce.number().int().positive() })
const OfProject = z.object({ project_id: z.coerce.number().int().positive().optional() })

/** Agents in the wire's spelling: list, create, read, change. */
export function serveWireAgents(app: FastifyInstance, tools: ServerTools, path: string): void {
  const { database, clock } = tools
  const tags = ['agents']

  app.route({
    method: 'GET',
    url: path,
    schema: {
      tags,
      summary: 'List agents by name',
      querystring: OfProject,
      response: { 200: z.array(WireAgent) },
    },
    handler: async (request) => {
      const { project_id } = request.query as z.output<typeof OfProject>
      const projectId = await projectOf(database, request, project_id)
      const agents = await listAgents(database.reader, projectId)
      return agents.map((agent) => toWireAgent(agent, projectId))
    },
  })

  app.route({
    method: 'POST',
    url: path,
    config: { access: 'write' },
    schema: {
      tags,
      summary: 'Add an agent',
      body: WireAgentInput.extend({ project: z.int().optional() }),
      response: { 201: WireAgent },
    },
    handler: async (request, reply) => {
      const body = request.body as z.output<typeof WireAgentInput> & { project?: number }
      const projectId = await projectOf(database, request, body.project)
      const agent = AgentInput.parse(fromWireAgentChange(body))
      const id = await insertAgent(database.writer, {
        projectId,
        agent,
        isDemo: false,
        now: clock(),
      })
      return reply.status(201).send(await wireAgent({ id, projectId }))
    },
  })

  app.route({
    method: 'GET',
    url: `${path}/:id`,
    schema: { tags, summary: 'One agent', params: ById, response: { 200: WireAgent } },
    handler: async (request) => {
      const { id } = request.params as z.output<typeof ById>
      return wireAgent({ id, projectId: await projectOf(database, request, undefined) })
    },
  })

  app.route({
    method: 'PATCH',
    url: `${path}/:id`,
    config: { access: 'write' },
    schema: {
      tags,
      summary: 'Change the given fields of an agent',
      params: ById,
      body: WireAgentChange,
      response: { 200: WireAgent },
    },
    handler: async (request) => {
      const { id } = request.params as z.output<typeof ById>
      const change = fromWireAgentChange(request.body as z.output<typeof WireAgentChange>)
      const projectId = await projectOf(database, request, undefined)
      await database.transaction((trx) => changeAgent(trx, { id, projectId, change, now: clock() }))
      return wireAgent({ id, projectId })
    },
  })

  async function wireAgent(by: { id: number; projectId: number }) {
    const agent = await findAgent(database.writer, by)
    if (agent === null) throw notFound('Agent')
    return toWireAgent(agent, by.projectId)
  }
}
