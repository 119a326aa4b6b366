import type { Insertable, Selectable, Transaction, Updateable } from 'kysely'
import { z } from 'zod'
import type { CallDetail, CallStatus, CallSummary } from '#contract/call.ts'
import { parseCallSort } from '#contract/call.ts'
import { type Segment, TranscriptType } from '#contract/transcript.ts'
import { flattenAttributes } from './attributes.ts'
import { type CallQuery, callsMatching, cursorOf, orderedPage } from './call-query.ts'
import type { Connection, Database } from './database.ts'
import { findCurrentRecording } from './recordings.ts'
import type { PayloadSource, Tables } from './tables.ts'

/** A call with everything that is stored of it, for the wire and for evaluation. */
export type CallRecord = CallDetail & {
  projectId: number
  success: boolean | null
  transcriptText: string
  mainAgentChannelIndex: 0 | 1 | null
  /** Who called whom, by the call's agent; null without an agent. */
  agentIsInbound: boolean | null
}

/** The columns of the call row that a payload or a person sets. */
export type CallFields = Omit<
  Insertable<Tables['call']>,
  'project_id' | 'call_id' | 'duplicate_ordinal' | 'created_at' | 'updated_at' | 'revision'
>

export type ContentFields = Omit<Insertable<Tables['call_content']>, 'call_id'>

/** A call of which nothing is known yet. */
export const EMPTY_CALL: Omit<CallFields, 'started_at' | 'fingerprint'> = {
  agent_id: null,
  agent_name: '',
  trace_id: '',
  is_started_at_receipt: 1,
  duration_ms: null,
  status: 'evaluating',
  success: null,
  is_judged: 0,
  is_reviewed: 0,
  feedback: '',
  customer_number: '',
  ended_reason: '',
  topic: '',
  dropoff_point: '',
  transcript_state: 'none',
  recording_state: 'none',
  error_message: null,
  is_demo: 0,
}

/** A call in which nothing was said yet. */
export const EMPTY_CONTENT: ContentFields = {
  transcript_type: null,
  speaker_rule: null,
  segments: '[]',
  warnings: '[]',
  transcript_text: '',
  metadata: '{}',
  dynamic_variables: '{}',
  recording_url: null,
  main_agent_channel_index: null,
  metric_ids: null,
}

export type ExistingCall = {
  id: number
  agentId: number | null
  fingerprint: string
  revision: number
  duplicateOrdinal: number
  isReviewed: boolean
  recordingState: CallSummary['recordingState']
  transcriptState: CallSummary['transcriptState']
  durationMs: number | null
  /** Where the sender said the recording is; null if it came as a file or not at all. */
  recordingUrl: string | null
}

/** The newest call under the sender's id; null if there is none. */
export async function findCallBySenderId(
  db: Connection,
  { projectId, callId }: { projectId: number; callId: string },
): Promise<ExistingCall | null> {
  const row = await db
    .selectFrom('call')
    .innerJoin('call_content', 'call_content.call_id', 'call.id')
    .select([
      'call.id',
      'call.agent_id',
      'call.fingerprint',
      'call.revision',
      'call.duplicate_ordinal',
      'call.is_reviewed',
      'call.recording_state',
      'call.transcript_state',
      'call.duration_ms',
      'call_content.recording_url',
    ])
    .where('call.project_id', '=', projectId)
    .where('call.call_id', '=', callId)
    .orderBy('call.duplicate_ordinal', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    agentId: row.agent_id,
    fingerprint: row.fingerprint,
    revision: row.revision,
    duplicateOrdinal: row.duplicate_ordinal,
    isReviewed: row.is_reviewed === 1,
    recordingState: row.recording_state,
    transcriptState: row.transcript_state,
    durationMs: row.duration_ms,
    recordingUrl: row.recording_url,
  }
}

/** Whose a call is and how it stands, without its content. */
export type CallIdentity = {
  id: number
  projectId: number
  agentId: number | null
  status: CallStatus
}

/** Null if there is no such call in the project; `projectId` null looks in every project. */
export async function findCallIdentity(
  db: Connection,
  { id, projectId }: { id: number; projectId: number | null },
): Promise<CallIdentity | null> {
  let query = db
    .selectFrom('call')
    .select(['id', 'project_id', 'agent_id', 'status'])
    .where('id', '=', id)
  if (projectId !== null) query = query.where('project_id', '=', projectId)
  const row = await query.executeTakeFirst()
  if (!row) return null
  return { id: row.id, projectId: row.project_id, agentId: row.agent_id, status: row.status }
}

/** What decides whether and how a call can be evaluated. */
export type CallState = Pick<
  CallSummary,
  'isReviewed' | 'transcriptState' | 'recordingState' | 'errorMessage'
>

export async function findCallState(db: Connection, id: number): Promise<CallState | null> {
  const row = await db
    .selectFrom('call')
    .select(['is_reviewed', 'transcript_state', 'recording_state', 'error_message'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  return {
    isReviewed: row.is_reviewed === 1,
    transcriptState: row.transcript_state,
    recordingState: row.recording_state,
    errorMessage: row.error_message,
  }
}

/** True while exactly this address is still to be fetched for a call, also after failed tries. */
export async function needsRecording(
  db: Connection,
  { id, url }: { id: number; url: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('call')
    .innerJoin('call_content', 'call_content.call_id', 'call.id')
    .select('call.id')
    .where('call.id', '=', id)
    .where('call.recording_state', 'in', ['waiting', 'failed'])
    .where('call_content.recording_url', '=', url)
    .executeTakeFirst()
  return row !== undefined
}

export type NewCall = {
  projectId: number
  callId: string
  duplicateOrdinal: number
  fields: CallFields
  content: ContentFields
  now: number
}

/** Stores a new call with its content, attributes and text index. Part of the caller's transaction. */
export async function insertCall(
  trx: Transaction<Tables>,
  dialect: Database['dialect'],
  call: NewCall,
): Promise<number> {
  const { id } = await trx
    .insertInto('call')
    .values({
      ...call.fields,
      project_id: call.projectId,
      call_id: call.callId,
      duplicate_ordinal: call.duplicateOrdinal,
      revision: 1,
      created_at: call.now,
      updated_at: call.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('call_content')
    .values({ ...call.content, call_id: id })
    .execute()
  await indexText(trx, dialect, id)
  await indexAttributes(trx, id)
  return id
}

/** Changes the given columns of a call and of its content, and indexes anew what they are searched by. */
export async function updateCall(
  trx: Transaction<Tables>,
  dialect: Database['dialect'],
  change: {
    id: number
    fields: Updateable<Tables['call']>
    content: Updateable<Tables['call_content']>
    now: number
  },
): Promise<void> {
  await trx
    .updateTable('call')
    .set({ ...change.fields, updated_at: change.now })
    .where('id', '=', change.id)
    .execute()
  if (Object.keys(change.content).length > 0) {
    await trx
      .updateTable('call_content')
      .set(change.content)
      .where('call_id', '=', change.id)
      .execute()
  }
  const isChanged = (column: string) => column in change.fields || column in change.content
  if (TEXT_COLUMNS.some(isChanged)) await indexText(trx, dialect, change.id)
  if (ATTRIBUTE_COLUMNS.some(isChanged)) {
    await trx.deleteFrom('call_attribute').where('call_id', '=', change.id).execute()
    await indexAttributes(trx, change.id)
  }
}

/** The columns that the text index reads, and those that become attributes. */
const TEXT_COLUMNS = ['call_id', 'customer_number', 'trace_id', 'transcript_text']
const ATTRIBUTE_COLUMNS = ['metadata', 'dynamic_variables']

/** Changes columns of the call row that no index of text or attributes knows. */
export async function updateCallRow(
  db: Connection,
  { id, fields, now }: { id: number; fields: Updateable<Tables['call']>; now: number },
): Promise<void> {
  await db
    .updateTable('call')
    .set({ ...fields, updated_at: now })
    .where('id', '=', id)
    .execute()
}

async function indexText(
  trx: Transaction<Tables>,
  dialect: Database['dialect'],
  id: number,
): Promise<void> {
  const row = await trx
    .selectFrom('call')
    .innerJoin('call_content', 'call_content.call_id', 'call.id')
    .select([
      'call.call_id',
      'call.customer_number',
      'call.trace_id',
      'call_content.transcript_text',
    ])
    .where('call.id', '=', id)
    .executeTakeFirstOrThrow()
  await dialect.indexText(trx, {
    callId: id,
    identifiers: [row.call_id, row.customer_number, row.trace_id].filter(Boolean).join('\n'),
    transcriptText: row.transcript_text,
  })
}

async function indexAttributes(trx: Transaction<Tables>, id: number): Promise<void> {
  const row = await trx
    .selectFrom('call_content')
    .select(['metadata', 'dynamic_variables'])
    .where('call_id', '=', id)
    .executeTakeFirstOrThrow()
  const attributes = [
    ...toAttributeRows(id, 'metadata', parseObject(row.metadata)),
    ...toAttributeRows(id, 'dynamic_variables', parseObject(row.dynamic_variables)),
  ]
  if (attributes.length > 0) await trx.insertInto('call_attribute').values(attributes).execute()
}

function toAttributeRows(
  callId: number,
  source: 'metadata' | 'dynamic_variables',
  value: Record<string, unknown>,
): Insertable<Tables['call_attribute']>[] {
  return flattenAttributes(value).map(({ path, textValue, numberValue }) => ({
    call_id: callId,
    source,
    path,
    text_value: textValue,
    number_value: numberValue,
  }))
}

/** Keeps a payload as it was received. */
export async function insertPayload(
  db: Connection,
  payload: { callId: number; revision: number; source: PayloadSource; body: string; now: number },
): Promise<void> {
  await db
    .insertInto('call_payload')
    .values({
      call_id: payload.callId,
      revision: payload.revision,
      source: payload.source,
      body: payload.body,
      received_at: payload.now,
    })
    .execute()
}

/** The newest payload of a call that is no later change of it; null if none is kept. */
export async function findNewestPayload(
  db: Connection,
  callId: number,
): Promise<{ body: string } | null> {
  const row = await db
    .selectFrom('call_payload')
    .select('body')
    .where('call_id', '=', callId)
    .where('source', '!=', 'patch')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

const SUMMARY_COLUMNS = [
  'call.id',
  'call.call_id',
  'call.agent_id',
  'call.agent_name',
  'call.started_at',
  'call.is_started_at_receipt',
  'call.duration_ms',
  'call.status',
  'call.is_judged',
  'call.is_reviewed',
  'call.customer_number',
  'call.ended_reason',
  'call.topic',
  'call.transcript_state',
  'call.recording_state',
  'call.error_message',
  'call.is_demo',
  'call.updated_at',
] as const

/**
 * At most `limit` calls of a query in its order, after `cursor`. Equal values are ordered by id.
 * `nextCursor` is null at the end. Throws `InvalidCursor` for a cursor of another order.
 */
export async function listCalls(
  database: Database,
  { query, cursor, limit }: { query: CallQuery; cursor: string | null; limit: number },
): Promise<{ items: CallSummary[]; nextCursor: string | null }> {
  const sort = parseCallSort(query.sort)
  const rows = await orderedPage(database, { query, sort, cursor })
    .select(SUMMARY_COLUMNS)
    .limit(limit + 1)
    .execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const hasMore = rows.length > limit && last !== undefined
  return {
    items: page.map(toCallSummary),
    nextCursor: hasMore ? cursorOf(last, sort) : null,
  }
}

/** How many calls a query matches, exactly. */
export async function countCalls(database: Database, query: CallQuery): Promise<number> {
  const row = await callsMatching(database, query)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** The rows of the given ids within a query, in no particular order; at most 200. */
export async function listCallsByIds(
  database: Database,
  { query, ids }: { query: CallQuery; ids: readonly number[] },
): Promise<CallSummary[]> {
  if (ids.length === 0) return []
  const rows = await callsMatching(database, query)
    .select(SUMMARY_COLUMNS)
    .where('call.id', 'in', ids)
    .orderBy('call.id')
    .limit(200)
    .execute()
  return rows.map(toCallSummary)
}

/** Ids of one page of a query by number, newest first: the wire pages this way. */
export async function listCallIds(
  database: Database,
  { query, offset, limit }: { query: CallQuery; offset: number; limit: number },
): Promise<number[]> {
  const rows = await orderedPage(database, {
    query,
    sort: parseCallSort(query.sort),
    cursor: null,
  })
    .select('call.id')
    .limit(limit)
    .offset(offset)
    .execute()
  return rows.map((row) => row.id)
}

/** Calls with all their content, in the order of `ids`; unknown ids are left out. */
export async function getCallRecords(
  db: Connection,
  { ids, projectId }: { ids: readonly number[]; projectId: number },
): Promise<CallRecord[]> {
  const records = await Promise.all(ids.map((id) => findCallRecord(db, { id, projectId })))
  return records.filter((record) => record !== null)
}

/** A call with what stands in its own row: what was said and sent is not loaded. */
export type CallHead = CallSummary &
  Pick<
    CallRecord,
    'projectId' | 'traceId' | 'success' | 'feedback' | 'dropoffPoint' | 'revision' | 'createdAt'
  >

const HEAD_COLUMNS = [
  ...SUMMARY_COLUMNS,
  'call.project_id',
  'call.trace_id',
  'call.success',
  'call.feedback',
  'call.dropoff_point',
  'call.revision',
  'call.created_at',
] as const

/** As `getCallRecords`, without the content. */
export async function getCallHeads(
  db: Connection,
  { ids, projectId }: { ids: readonly number[]; projectId: number },
): Promise<CallHead[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('call')
    .select(HEAD_COLUMNS)
    .where('call.id', 'in', ids)
    .where('call.project_id', '=', projectId)
    .execute()
  const byId = new Map(rows.map((row) => [row.id, toCallHead(row)]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** One call with all its content; null if there is none in the project. */
export async function findCallRecord(
  db: Connection,
  { id, projectId }: { id: number; projectId: number | null },
): Promise<CallRecord | null> {
  let query = db
    .selectFrom('call')
    .innerJoin('call_content', 'call_content.call_id', 'call.id')
    .leftJoin('agent', 'agent.id', 'call.agent_id')
    .select(HEAD_COLUMNS)
    .select([
      'call_content.transcript_type',
      'call_content.speaker_rule',
      'call_content.segments',
      'call_content.warnings',
      'call_content.transcript_text',
      'call_content.metadata',
      'call_content.dynamic_variables',
      'call_content.recording_url',
      'call_content.main_agent_channel_index',
      'agent.assistant_id',
      'agent.is_inbound',
    ])
    .where('call.id', '=', id)
  if (projectId !== null) query = query.where('call.project_id', '=', projectId)
  const row = await query.executeTakeFirst()
  if (!row) return null
  const recording = await findCurrentRecording(db, row.id)
  return {
    ...toCallHead(row),
    assistantId: row.assistant_id ?? '',
    transcriptType: TranscriptType.nullable().parse(row.transcript_type),
    speakerRule: row.speaker_rule,
    // Stored by us after the adapters checked them; checking 5,000 segments again would cost each read.
    segments: JSON.parse(row.segments) as Segment[],
    transcriptWarnings: z.array(z.string()).parse(JSON.parse(row.warnings)),
    transcriptText: row.transcript_text,
    metadata: parseObject(row.metadata),
    dynamicVariables: parseObject(row.dynamic_variables),
    recordingUrl: row.recording_url,
    mainAgentChannelIndex: toChannelIndex(row.main_agent_channel_index),
    agentIsInbound: row.is_inbound === null ? null : row.is_inbound === 1,
    recording,
  }
}

/** Ids of calls that were made or changed after a point of the feed, oldest first, at most `limit`. */
export async function listChangedCalls(
  db: Connection,
  { after, projectId, limit }: { after: ChangePoint; projectId: number; limit: number },
): Promise<(ChangePoint & { id: number })[]> {
  const rows = await db
    .selectFrom('call')
    .select(['id', 'updated_at'])
    .where('project_id', '=', projectId)
    .where(({ eb, refTuple, tuple }) =>
      eb(refTuple('updated_at', 'id'), '>', tuple(after.updatedAt, after.id)),
    )
    .orderBy('updated_at')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ id: row.id, updatedAt: row.updated_at }))
}

/** A place in the order in which calls were last changed. */
export type ChangePoint = { updatedAt: number; id: number }

/** Removes a call with its content, payloads and attributes. The recording rows go with it. */
export async function deleteCall(
  trx: Transaction<Tables>,
  dialect: Database['dialect'],
  id: number,
): Promise<void> {
  await dialect.removeText(trx, id)
  await trx.deleteFrom('call').where('id', '=', id).execute()
}

/** Forgets every payload of a call. */
export async function deletePayloads(db: Connection, callId: number): Promise<void> {
  await db.deleteFrom('call_payload').where('call_id', '=', callId).execute()
}

/** Ids of demo calls, at most 1,000. */
export async function listDemoCallIds(db: Connection, projectId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('call')
    .select('id')
    .where('project_id', '=', projectId)
    .where('is_demo', '=', 1)
    .orderBy('id')
    .limit(1000)
    .execute()
  return rows.map((row) => row.id)
}

/** True once a call is stored that is no demo. */
export async function hasOwnCall(db: Connection): Promise<boolean> {
  const row = await db
    .selectFrom('call')
    .select('id')
    .where('is_demo', '=', 0)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

type SummaryRow = Pick<
  Selectable<Tables['call']>,
  | 'id'
  | 'call_id'
  | 'agent_id'
  | 'agent_name'
  | 'started_at'
  | 'is_started_at_receipt'
  | 'duration_ms'
  | 'status'
  | 'is_judged'
  | 'is_reviewed'
  | 'customer_number'
  | 'ended_reason'
  | 'topic'
  | 'transcript_state'
  | 'recording_state'
  | 'error_message'
  | 'is_demo'
  | 'updated_at'
>

function toCallSummary(row: SummaryRow): CallSummary {
  return {
    id: row.id,
    callId: row.call_id,
    agentId: row.agent_id,
    agentName: row.agent_name,
    startedAt: new Date(row.started_at).toISOString(),
    isStartedAtReceipt: row.is_started_at_receipt === 1,
    durationSeconds: row.duration_ms === null ? null : row.duration_ms / 1000,
    status: row.status satisfies CallStatus,
    isJudged: row.is_judged === 1,
    isReviewed: row.is_reviewed === 1,
    customerNumber: row.customer_number,
    endedReason: row.ended_reason,
    topic: row.topic,
    transcriptState: row.transcript_state,
    recordingState: row.recording_state,
    errorMessage: row.error_message,
    isDemo: row.is_demo === 1,
    updatedAt: new Date(row.updated_at).toISOString(),
  }
}

type HeadRow = SummaryRow &
  Pick<
    Selectable<Tables['call']>,
    'project_id' | 'trace_id' | 'success' | 'feedback' | 'dropoff_point' | 'revision' | 'created_at'
  >

function toCallHead(row: HeadRow): CallHead {
  return {
    ...toCallSummary(row),
    projectId: row.project_id,
    traceId: row.trace_id,
    success: row.success === null ? null : row.success === 1,
    feedback: row.feedback,
    dropoffPoint: row.dropoff_point,
    revision: row.revision,
    createdAt: new Date(row.created_at).toISOString(),
  }
}

function toChannelIndex(value: number | null): 0 | 1 | null {
  return value === 0 || value === 1 ? value : null
}

function parseObject(text: string): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text))
}
