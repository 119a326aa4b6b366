import type { FastifyRequest } from 'fastify'
import type { WireObserve } from '#contract/wire/observe.ts'
import { type AgentIdentity, findAgentIdentity } from '../store/agents.ts'
import type { Database } from '../store/database.ts'
import { badField } from './http-problem.ts'
import { visitorOf } from './request-access.ts'

/** The agent that a payload names by our id or the provider's; our id counts first. Throws 400 for unknown ones. */
export async function findSendingAgent(
  database: Database,
  request: FastifyRequest,
  body: Pick<WireObserve, 'agent' | 'agent_id' | 'assistant_id'>,
): Promise<AgentIdentity> {
  const { projectId } = visitorOf(request)
  const id = body.agent ?? body.agent_id
  if (id !== undefined) {
    const agent = await findAgentIdentity(database.reader, { id, projectId })
    if (agent) return agent
    throw badField(body.agent === undefined ? 'agent_id' : 'agent', `There is no agent ${id}.`)
  }
  const assistantId = body.assistant_id ?? ''
  const agent = await findAgentIdentity(database.reader, { assistantId, projectId })
  if (agent) return agent
  throw badField('assistant_id', `No agent found for assistant_id "${assistantId}".`)
}
