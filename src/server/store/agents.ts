import type { ExpressionBuilder } from 'kysely'
import { z } from 'zod'
import { type Agent, type AgentChange, type AgentInput, TopicNode } from '#contract/agent.ts'
import type { Connection } from './database.ts'
import { enqueueJob } from './jobs.ts'
import type { Tables } from './tables.ts'

const MAX_AGENTS = 1000
/** Some milliseconds per step: a hundred thousand rows at once would hold up every request. */
const RENAMED_AT_ONCE = 1000

export type NewAgent = {
  projectId: number
  agent: z.output<typeof AgentInput>
  isDemo: boolean
  now: number
}

export async function insertAgent(
  db: Connection,
  { projectId, agent, isDemo, now }: NewAgent,
): Promise<number> {
  const { id } = await db
    .insertInto('agent')
    .values({
      project_id: projectId,
      name: agent.name,
      assistant_id: agent.assistantId,
      provider: agent.provider,
      description: agent.description,
      language: agent.language,
      is_inbound: toFlag(agent.isInbound),
      contact_number: agent.contactNumber,
      webhook_secret: agent.webhookSecret || null,
      is_demo: Number(isDemo),
      knowledge: agent.knowledge,
      topic_nodes: JSON.stringify(agent.topicNodes),
      dropoff_nodes: JSON.stringify(agent.dropoffNodes),
      created_at: now,
      updated_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Agents of a project by name, at most 1,000, each with the number of its calls. */
export async function listAgents(db: Connection, projectId: number): Promise<Agent[]> {
  const rows = await agentRows(db)
    .where('agent.project_id', '=', projectId)
    .orderBy('agent.name')
    .orderBy('agent.id')
    .limit(MAX_AGENTS)
    .execute()
  return rows.map(toAgent)
}

export async function findAgent(
  db: Connection,
  { id, projectId }: { id: number; projectId: number },
): Promise<Agent | null> {
  const row = await agentRows(db)
    .where('agent.id', '=', id)
    .where('agent.project_id', '=', projectId)
    .executeTakeFirst()
  return row ? toAgent(row) : null
}

/** An agent as ingestion needs it. */
export type AgentIdentity = {
  id: number
  projectId: number
  name: string
  isInbound: boolean | null
  webhookSecret: string | null
}

/** The agent by our id, or the oldest with the provider's id; `projectId` null looks in every project. */
export async function findAgentIdentity(
  db: Connection,
  by: { id: number; projectId: number | null } | { assistantId: string; projectId: number | null },
): Promise<AgentIdentity | null> {
  let query = db
    .selectFrom('agent')
    .select(['id', 'project_id', 'name', 'is_inbound', 'webhook_secret'])
    .orderBy('id')
    .limit(1)
  query =
    'id' in by ? query.where('id', '=', by.id) : query.where('assistant_id', '=', by.assistantId)
  if (by.projectId !== null) query = query.where('project_id', '=', by.projectId)
  const row = await query.executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    projectId: row.project_id,
    name: row.name,
    isInbound: fromFlag(row.is_inbound),
    webhookSecret: row.webhook_secret,
  }
}

/** True if any agent's webhooks are signed. */
export async function hasWebhookSecret(db: Connection): Promise<boolean> {
  const row = await db
    .selectFrom('agent')
    .select('id')
    .where('webhook_secret', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/**
 * Changes the given fields, in the caller's transaction. A new name reaches the newest 1,000 of the agent's calls
 * with it, and the others by the job `rename-calls`. False if there is no such agent.
 */
export async function changeAgent(
  db: Connection,
  {
    id,
    projectId,
    change,
    now,
  }: { id: number; projectId: number; change: AgentChange; now: number },
): Promise<boolean> {
  const result = await db
    .updateTable('agent')
    .set({
      updated_at: now,
      ...(change.name !== undefined && { name: change.name }),
      ...(change.assistantId !== undefined && { assistant_id: change.assistantId }),
      ...(change.provider !== undefined && { provider: change.provider }),
      ...(change.description !== undefined && { description: change.description }),
      ...(change.language !== undefined && { language: change.language }),
      ...(change.isInbound !== undefined && { is_inbound: toFlag(change.isInbound) }),
      ...(change.contactNumber !== undefined && { contact_number: change.contactNumber }),
      ...(change.webhookSecret !== undefined && { webhook_secret: change.webhookSecret || null }),
      ...(change.knowledge !== undefined && { knowledge: change.knowledge }),
      ...(change.topicNodes !== undefined && { topic_nodes: JSON.stringify(change.topicNodes) }),
      ...(change.dropoffNodes !== undefined && {
        dropoff_nodes: JSON.stringify(change.dropoffNodes),
      }),
    })
    .where('id', '=', id)
    .where('project_id', '=', projectId)
    .executeTakeFirst()
  if (result.numUpdatedRows === 0n) return false
  if (change.name === undefined) return true
  const rest = await renameSomeCalls(db, { agentId: id, before: null })
  if (rest !== null) {
    const job = { kind: 'rename-calls', subject: `agent:${id}`, payload: { agentId: id } }
    await enqueueJob(db, { ...job, runAt: now, now })
  }
  return true
}

/** Where renaming goes on: calls before this one, newest first. */
type RenamedUpTo = { startedAt: number; id: number }

/** Gives the newest 1,000 calls that lack their agent's name that name. Null where none can be left. */
export async function renameSomeCalls(
  db: Connection,
  { agentId, before }: { agentId: number; before: RenamedUpTo | null },
): Promise<RenamedUpTo | null> {
  const renamed = await db
    .updateTable('call')
    .set((eb) => ({ agent_name: nameOf(eb, agentId) }))
    .where('id', 'in', (eb) => {
      const misnamed = eb
        .selectFrom('call')
        .select('id')
        .where('agent_id', '=', agentId)
        .where((call) => call('agent_name', '!=', nameOf(call, agentId)))
        .orderBy('started_at', 'desc')
        .orderBy('id', 'desc')
        .limit(RENAMED_AT_ONCE)
      if (before === null) return misnamed
      return misnamed.where(({ eb: call, refTuple, tuple }) =>
        call(refTuple('started_at', 'id'), '<', tuple(before.startedAt, before.id)),
      )
    })
    .returning(['id', 'started_at'])
    .execute()
  if (renamed.length < RENAMED_AT_ONCE) return null
  return renamed
    .map((row) => ({ startedAt: row.started_at, id: row.id }))
    .reduce((oldest, call) => (isBefore(call, oldest) ? call : oldest))
}

/** The name as it is now, not as it was asked for: of two changes in a row the later one counts. */
function nameOf(eb: ExpressionBuilder<Tables, 'call'>, agentId: number) {
  return eb
    .selectFrom('agent')
    .select('name')
    .where('agent.id', '=', agentId)
    .$asScalar()
    .$notNull()
}

function isBefore(call: RenamedUpTo, other: RenamedUpTo): boolean {
  if (call.startedAt !== other.startedAt) return call.startedAt < other.startedAt
  return call.id < other.id
}

/** Removes demo agents that have no call left. */
export async function deleteDemoAgents(db: Connection, projectId: number): Promise<void> {
  await db
    .deleteFrom('agent')
    .where('project_id', '=', projectId)
    .where('is_demo', '=', 1)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('call').select('call.id').whereRef('call.agent_id', '=', 'agent.id'))),
    )
    .execute()
}

/** Makes agent 1 in project 1 where the database has no agent at all. */
export async function ensureFirstAgent(
  db: Connection,
  { projectId, now }: { projectId: number; now: number },
): Promise<void> {
  const existing = await db.selectFrom('agent').select('id').limit(1).executeTakeFirst()
  if (existing) return
  await insertAgent(db, {
    projectId,
    agent: {
      name: 'My agent',
      assistantId: '',
      provider: '',
      description: '',
      language: 'en',
      isInbound: null,
      contactNumber: '',
      knowledge: '',
      topicNodes: [],
      dropoffNodes: [],
    },
    isDemo: false,
    now,
  })
}

function agentRows(db: Connection) {
  return db
    .selectFrom('agent')
    .select([
      'agent.id',
      'agent.name',
      'agent.assistant_id',
      'agent.provider',
      'agent.description',
      'agent.language',
      'agent.is_inbound',
      'agent.contact_number',
      'agent.webhook_secret',
      'agent.is_demo',
      'agent.knowledge',
      'agent.topic_nodes',
      'agent.dropoff_nodes',
      'agent.created_at',
      'agent.updated_at',
    ])
    .select((eb) =>
      eb
        .selectFrom('call')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('call.agent_id', '=', 'agent.id')
        .as('call_count'),
    )
}

type AgentRow = Awaited<ReturnType<ReturnType<typeof agentRows>['execute']>>[number]

function toAgent(row: AgentRow): Agent {
  return {
    id: row.id,
    name: row.name,
    assistantId: row.assistant_id,
    provider: row.provider,
    description: row.description,
    language: row.language,
    isInbound: fromFlag(row.is_inbound),
    contactNumber: row.contact_number,
    hasWebhookSecret: row.webhook_secret !== null,
    knowledge: row.knowledge,
    topicNodes: readNodes(row.topic_nodes),
    dropoffNodes: readNodes(row.dropoff_nodes),
    isDemo: row.is_demo === 1,
    callCount: Number(row.call_count ?? 0),
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
  }
}

/** Topics or drop-off points as they are stored. */
export function readNodes(text: string): TopicNode[] {
  return z.array(TopicNode).parse(JSON.parse(text))
}

function toFlag(value: boolean | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value)
}

function fromFlag(value: number | null): boolean | null {
  return value === null ? null : value === 1
}
