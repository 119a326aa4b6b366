import type { TopicNode } from '#contract/agent.ts'
import type { MetricContent } from '#contract/metric.ts'
import type { MetricResult } from '#contract/metric-result.ts'
import type { Segment } from '#contract/transcript.ts'

/** What the judge may be told of a call. */
export type JudgedCall = {
  id: number
  /** Epoch ms. */
  startedAt: number
  durationSeconds: number | null
  endedReason: string
  topic: string
  metadata: unknown
  dynamicVariables: unknown
  segments: readonly Segment[]
  agent: JudgedAgent | null
}

export type JudgedAgent = {
  name: string
  /** Its own instructions. */
  description: string
  language: string
  isInbound: boolean | null
  contactNumber: string
  knowledge: string
  topicNodes: readonly TopicNode[]
  dropoffNodes: readonly TopicNode[]
}

export type Priority = 'critical' | 'non-critical' | 'not_a_bug'

export type JudgedMetric = {
  id: number
  name: string
  version: number
  content: MetricContent
  /** Those that instruction following has found so far. */
  categories: readonly { id: number; name: string; priority: Priority }[]
}

/** A result of another metric on the same call, for prompts that name it. */
export type OtherResult = Pick<
  MetricResult,
  'name' | 'state' | 'score' | 'valueText' | 'explanation'
>

export type StoredAnswer = {
  answer: unknown
  model: string
  inputTokens: number | null
  outputTokens: number | null
  /** How long the endpoint took. */
  tookMs: number
}

/** Answers that were paid for once. Whoever asks is charged as an answer comes: what it is for may never be finished. */
export type StoredAnswers = {
  find: (key: string) => Promise<StoredAnswer | null>
  /** Keeps an answer that was just paid for, and charges for it. */
  keep: (key: string, answer: StoredAnswer) => Promise<void>
  /** Charges for an answer that does not fit and so is not kept. */
  charge: (usage: JudgeUsage) => Promise<void>
}

/** Where the agent left its instructions. `category` as it is known, or as the judge named a new one. */
export type Deviation = { category: string; priority: Priority; deviation: string }

/** What an answer took of the model, now or when it was stored; tokens are null where the endpoint tells none. */
export type JudgeUsage = { model: string; inputTokens: number | null; outputTokens: number | null }

/** What it took where nobody was asked. */
export const UNASKED = { usage: null, tookMs: 0 } as const
