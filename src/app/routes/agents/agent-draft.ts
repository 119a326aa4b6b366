import type { Agent, AgentChange, AgentInput, TopicNode } from '#contract/agent.ts'
import { type Direction, toDirection, toIsInbound } from './direction.ts'
import { filledNodes } from './topic-nodes.ts'

/** An agent while it is being edited. */
export type AgentDraft = {
  name: string
  assistantId: string
  provider: string
  direction: Direction
  language: string
  contactNumber: string
  description: string
  knowledge: string
  topicNodes: TopicNode[]
  dropoffNodes: TopicNode[]
  /** The stored secret is never shown: it is kept, replaced by the text, or removed. */
  secret: { kind: 'keep' } | { kind: 'replace'; text: string } | { kind: 'remove' }
}

export const NEW_AGENT: AgentDraft = {
  name: '',
  assistantId: '',
  provider: 'vapi',
  direction: 'unknown',
  language: 'en',
  contactNumber: '',
  description: '',
  knowledge: '',
  topicNodes: [],
  dropoffNodes: [],
  secret: { kind: 'keep' },
}

export function toDraft(agent: Agent): AgentDraft {
  const { name, assistantId, provider, language, contactNumber, description } = agent
  const { knowledge, topicNodes, dropoffNodes } = agent
  return {
    name,
    assistantId,
    provider,
    direction: toDirection(agent.isInbound),
    language,
    contactNumber,
    description,
    knowledge,
    topicNodes,
    dropoffNodes,
    secret: { kind: 'keep' },
  }
}

export function toInput(draft: AgentDraft): AgentInput {
  const { direction, secret, topicNodes, dropoffNodes, ...rest } = draft
  return {
    ...rest,
    topicNodes: filledNodes(topicNodes),
    dropoffNodes: filledNodes(dropoffNodes),
    isInbound: toIsInbound(direction),
    ...secretField(secret),
  }
}

/** Only what differs, so that two people editing different fields do not undo each other. */
export function toChange(agent: Agent, draft: AgentDraft): AgentChange {
  const { webhookSecret, ...wanted } = toInput(draft)
  const changed = Object.entries(wanted).filter(
    ([field, value]) => !isSame(agent[field as keyof typeof wanted], value),
  )
  return { ...Object.fromEntries(changed), ...secretField(draft.secret) }
}

/** Lists are the same if they hold the same. */
function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

function secretField(secret: AgentDraft['secret']): { webhookSecret?: string | null } {
  if (secret.kind === 'remove') return { webhookSecret: null }
  if (secret.kind === 'replace' && secret.text.trim()) return { webhookSecret: secret.text.trim() }
  return {}
}
