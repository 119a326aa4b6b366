import { z } from 'zod'

/** A topic of calls, or a stage of the conversation, for metrics that choose one. */
export const TopicNode = z.object({
  name: z.string().trim().min(1).max(200),
  description: z.string().trim().max(2000),
})
export type TopicNode = z.infer<typeof TopicNode>

/** A voice agent whose calls are kept. */
export const Agent = z.object({
  id: z.int(),
  name: z.string(),
  /** The provider's own id, by which webhooks and `assistant_id` find this agent; empty if unknown. */
  assistantId: z.string(),
  /** `vapi`, `retell`, `elevenlabs`, …; empty for one's own stack. */
  provider: z.string(),
  /** The agent's system prompt. */
  description: z.string(),
  language: z.string(),
  /** True: people call it. False: it calls people. Null: unknown or both. */
  isInbound: z.boolean().nullable(),
  contactNumber: z.string(),
  /** A secret is stored for checking this provider's webhook signatures. The secret itself is never shown. */
  hasWebhookSecret: z.boolean(),
  /** What the agent may know: the judge holds its claims against it. */
  knowledge: z.string(),
  topicNodes: z.array(TopicNode),
  /** The stages a conversation passes, in order. */
  dropoffNodes: z.array(TopicNode),
  isDemo: z.boolean(),
  callCount: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
})
export type Agent = z.infer<typeof Agent>

const text = (max: number) => z.string().trim().max(max)

/** What a person may set on an agent. */
export const AgentInput = z.object({
  name: text(200).min(1),
  assistantId: text(200).default(''),
  provider: text(50).default(''),
  description: text(100_000).default(''),
  language: text(35).default('en'),
  isInbound: z.boolean().nullable().default(null),
  contactNumber: text(100).default(''),
  knowledge: text(200_000).default(''),
  topicNodes: z.array(TopicNode).max(100).default([]),
  dropoffNodes: z.array(TopicNode).max(100).default([]),
  /** Left out: unchanged. Null or empty: removed. */
  webhookSecret: text(500).nullable().optional(),
})
export type AgentInput = z.input<typeof AgentInput>

/** A change to an agent: only the given fields. */
export const AgentChange = z
  .object({
    name: text(200).min(1),
    assistantId: text(200),
    provider: text(50),
    description: text(100_000),
    language: text(35),
    isInbound: z.boolean().nullable(),
    contactNumber: text(100),
    knowledge: text(200_000),
    topicNodes: z.array(TopicNode).max(100),
    dropoffNodes: z.array(TopicNode).max(100),
    webhookSecret: text(500).nullable(),
  })
  .partial()
export type AgentChange = z.infer<typeof AgentChange>
