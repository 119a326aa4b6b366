import { z } from 'zod'
import { type Agent, type AgentChange, TopicNode } from '../agent.ts'

/** An agent as the wire spells it. Source: Cekura API, `aiagents`. Keys beyond these are ignored. */
export const WireAgent = z
  .object({
    id: z.int(),
    agent_name: z.string(),
    project: z.int(),
    description: z.string(),
    language: z.string(),
    inbound: z.boolean().nullable(),
    contact_number: z.string(),
    assistant_id: z.string(),
    provider: z.string(),
    topic_nodes: z.array(TopicNode),
    dropoff_nodes: z.array(TopicNode),
    /** Our own addition: what the agent may know. */
    knowledge: z.string(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Agent' })
export type WireAgent = z.infer<typeof WireAgent>

const text = (max: number) => z.string().trim().max(max)

const NameOnly = TopicNode.shape.name.transform((name) => ({ name, description: '' }))

/** Topics or stages, as names alone or with descriptions. */
const nodes = z.array(z.union([NameOnly, TopicNode.partial({ description: true })])).max(100)

/** What a client may set on an agent; `provider` is a name or an object that holds one. */
export const WireAgentInput = z
  .object({
    agent_name: text(200).min(1),
    description: text(100_000).optional(),
    language: text(35).optional(),
    inbound: z.boolean().nullable().optional(),
    contact_number: text(100).optional(),
    assistant_id: text(200).nullable().optional(),
    provider: z
      .union([
        text(50),
        z.looseObject({ name: text(50).optional() }).transform((p) => p.name ?? ''),
      ])
      .optional(),
    topic_nodes: nodes.optional(),
    dropoff_nodes: nodes.optional(),
    knowledge: text(200_000).optional(),
    webhook_secret: text(500).nullable().optional(),
  })
  .meta({ id: 'AgentCreate' })

export const WireAgentChange = WireAgentInput.partial().meta({ id: 'AgentChange' })

export function toWireAgent(agent: Agent, projectId: number): WireAgent {
  return {
    id: agent.id,
    agent_name: agent.name,
    project: projectId,
    description: agent.description,
    language: agent.language,
    inbound: agent.isInbound,
    contact_number: agent.contactNumber,
    assistant_id: agent.assistantId,
    provider: agent.provider,
    topic_nodes: agent.topicNodes,
    dropoff_nodes: agent.dropoffNodes,
    knowledge: agent.knowledge,
    created_at: agent.createdAt,
    updated_at: agent.updatedAt,
  }
}

/** The given fields in our spelling; what was left out stays out. */
export function fromWireAgentChange(wire: z.output<typeof WireAgentChange>): AgentChange {
  return {
    ...(wire.agent_name !== undefined && { name: wire.agent_name }),
    ...(wire.description !== undefined && { description: wire.description }),
    ...(wire.language !== undefined && { language: wire.language }),
    ...(wire.inbound !== undefined && { isInbound: wire.inbound }),
    ...(wire.contact_number !== undefined && { contactNumber: wire.contact_number }),
    ...(wire.assistant_id !== undefined && { assistantId: wire.assistant_id ?? '' }),
    ...(wire.provider !== undefined && { provider: wire.provider }),
    ...(wire.topic_nodes !== undefined && { topicNodes: wire.topic_nodes.map(toNode) }),
    ...(wire.dropoff_nodes !== undefined && { dropoffNodes: wire.dropoff_nodes.map(toNode) }),
    ...(wire.knowledge !== undefined && { knowledge: wire.knowledge }),
    ...(wire.webhook_secret !== undefined && { webhookSecret: wire.webhook_secret }),
  }
}

function toNode({
  name,
  description = '',
}: {
  name: string
  description?: string | undefined
}): TopicNode {
  return { name, description }
}
