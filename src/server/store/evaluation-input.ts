import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Agent } from '#contract/agent.ts'
import type { CallSummary } from '#contract/call.ts'
import type { Segment } from '#contract/transcript.ts'
import { readNodes } from './agents.ts'
import type { Connection } from './database.ts'
import { findSpeechOfCall, type SpeechOfCall } from './recording-speech.ts'
import type { Tables } from './tables.ts'

/** A call with all that metrics look at. */
export type EvaluationInput = Pick<
  CallSummary,
  | 'id'
  | 'callId'
  | 'durationSeconds'
  | 'endedReason'
  | 'customerNumber'
  | 'topic'
  | 'transcriptState'
> & {
  projectId: number
  /** Epoch ms. */
  startedAt: number
  dropoffPoint: string
  metadata: Record<string, unknown>
  dynamicVariables: Record<string, unknown>
  segments: Segment[]
  transcriptText: string
  /** Metrics that the sender asked for; null: all. */
  metricIds: number[] | null
  agent: EvaluatedAgent | null
  /** Null without a recording, or while it was not listened to. */
  heard: SpeechOfCall | null
}

/** The agent as it is now, not as it was when the call took place. */
export type EvaluatedAgent = Pick<
  Agent,
  | 'id'
  | 'name'
  | 'description'
  | 'language'
  | 'isInbound'
  | 'contactNumber'
  | 'knowledge'
  | 'topicNodes'
  | 'dropoffNodes'
>

/** Null if there is no such call. */
export async function findEvaluationInput(
  db: Connection,
  callId: number,
): Promise<EvaluationInput | null> {
  const row = await inputRows(db)
    .select(INPUT_COLUMNS)
    .where('call.id', '=', callId)
    .executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    projectId: row.project_id,
    callId: row.sender_call_id,
    startedAt: row.started_at,
    durationSeconds: row.duration_ms === null ? null : row.duration_ms / 1000,
    endedReason: row.ended_reason,
    customerNumber: row.customer_number,
    topic: row.topic,
    dropoffPoint: row.dropoff_point,
    metadata: readObject(row.metadata),
    dynamicVariables: readObject(row.dynamic_variables),
    // Stored by us after the adapters checked them; checking 5,000 segments again would cost each call.
    segments: JSON.parse(row.segments) as Segment[],
    transcriptText: row.transcript_text,
    transcriptState: row.transcript_state,
    metricIds: readMetricIds(row.metric_ids),
    agent: row.agent_id === null ? null : toAgent(row.agent_id, row),
    heard: row.recording_state === 'none' ? null : await findSpeechOfCall(db, row.id),
  }
}

/** What decides which metrics judge a call. */
export type EvaluationScope = { agentId: number | null; metricIds: number[] | null }

/** Of those of the given calls that are the project's. */
export async function listEvaluationScopes(
  db: Connection,
  { callIds, projectId }: { callIds: readonly number[]; projectId: number },
): Promise<Map<number, EvaluationScope>> {
  if (callIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('call')
    .innerJoin('call_content', 'call_content.call_id', 'call.id')
    .select(['call.id', 'call.agent_id', 'call_content.metric_ids'])
    .where('call.id', 'in', callIds)
    .where('call.project_id', '=', projectId)
    .execute()
  return new Map(
    rows.map(({ id, agent_id, metric_ids }) => [
      id,
      { agentId: agent_id, metricIds: readMetricIds(metric_ids) },
    ]),
  )
}

function readMetricIds(text: string | null): number[] | null {
  return text === null ? null : text.split(',').map(Number)
}

const INPUT_COLUMNS = [
  'call.id',
  'call.project_id',
  'call.call_id as sender_call_id',
  'call.started_at',
  'call.duration_ms',
  'call.ended_reason',
  'call.customer_number',
  'call.topic',
  'call.dropoff_point',
  'call.transcript_state',
  'call.recording_state',
  'call_content.metadata',
  'call_content.dynamic_variables',
  'call_content.segments',
  'call_content.transcript_text',
] as const

function inputRows(db: Connection) {
  return db
    .selectFrom('call')
    .innerJoin('call_content', 'call_content.call_id', 'call.id')
    .leftJoin('agent', 'agent.id', 'call.agent_id')
    .select([
      'call_content.metric_ids',
      'agent.id as agent_id',
      'agent.name',
      'agent.description',
      'agent.language',
      'agent.is_inbound',
      'agent.contact_number',
      'agent.knowledge',
      'agent.topic_nodes',
      'agent.dropoff_nodes',
    ])
}

type AgentColumns = Pick<
  Selectable<Tables['agent']>,
  | 'name'
  | 'description'
  | 'language'
  | 'is_inbound'
  | 'contact_number'
  | 'knowledge'
  | 'topic_nodes'
  | 'dropoff_nodes'
>

/** As a left join gives them: all of them, or none. */
type AgentRow = { [Column in keyof AgentColumns]: AgentColumns[Column] | null } & {
  agent_id: number | null
  metric_ids: string | null
}

function toAgent(id: number, row: AgentRow): EvaluatedAgent {
  return {
    id,
    name: row.name ?? '',
    description: row.description ?? '',
    language: row.language ?? '',
    isInbound: row.is_inbound === null ? null : row.is_inbound === 1,
    contactNumber: row.contact_number ?? '',
    knowledge: row.knowledge ?? '',
    topicNodes: readNodes(row.topic_nodes ?? '[]'),
    dropoffNodes: readNodes(row.dropoff_nodes ?? '[]'),
  }
}

const JsonObject = z.record(z.string(), z.unknown())

function readObject(text: string): Record<string, unknown> {
  return JsonObject.parse(JSON.parse(text))
}
