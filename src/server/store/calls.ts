import type { Insertable, Selectable, Transaction, Updateable } from 'kysely'
import { z } from 'zod'
import type { CallDetail, CallStatus, CallSummary } from '#contract/call.ts'
import type { AttributeSource } from '#contract/filter.ts'
import { type Segment, spokenTexts, TranscriptType } from '#contract/transcript.ts'
import { insertAttributes, type SourcedAttribute } from './attribute-paths.ts'
import { flattenAttributes } from './attributes.ts'
import { measureCall } from './call-measures.ts'
import { findPage, needsSearch, planScan, SLOW_READ_MS } from './call-plan.ts'
import { type CallQuery, callsMatching, cursorOf, isNarrowed, orderedPage } from './call-query.ts'
import type { Connection, Database } from './database.ts'
import type { TextEntry } from './dialect.ts'
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

/** What decides whether and how a call can be evaluated, and what that can name. */
export type CallState = Pick<
  CallSummary,
  'isReviewed' | 'transcriptState' | 'recordingState' | 'errorMessage' | 'topic'
> & {
  projectId: number
  dropoffPoint: string
  /** What results recorded with the call decided; null if none did. */
  judgeSuccess: boolean | null
}

export async function findCallState(db: Connection, id: number): Promise<CallState | null> {
  const row = await db
    .selectFrom('call')
    .select(['project_id', 'topic', 'dropoff_point', 'is_reviewed', 'judge_success'])
    .select(['transcript_state', 'recording_state', 'error_message'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  return {
    projectId: row.project_id,
    topic: row.topic,
    dropoffPoint: row.dropoff_point,
    isReviewed: row.is_reviewed === 1,
    transcriptState: row.transcript_state,
    recordingState: row.recording_state,
    errorMessage: row.error_message,
    judgeSuccess: row.judge_success === null ? null : row.judge_success === 1,
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
  const segments = parseSegments(call.content.segments)
  const { id } = await trx
    .insertInto('call')
    .values({
      ...measureCall(segments, call.fields.duration_ms ?? null),
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
  const { customer_number = '', trace_id = '' } = call.fields
  await dialect.indexText(trx, {
    callId: id,
    identifiers: identifiersOf({ call_id: call.callId, customer_number, trace_id }),
    spokenTexts: spokenTexts(segments),
  })
  await insertAttributes(trx, {
    callId: id,
    projectId: call.projectId,
    attributes: attributesOf(call.content),
  })
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
  if (MEASURED_COLUMNS.some(isChanged)) await measureAnew(trx, change.id)
  if (TEXT_COLUMNS.some(isChanged)) await indexText(trx, dialect, change.id)
  if (ATTRIBUTE_COLUMNS.some(isChanged)) {
    await trx.deleteFrom('call_attribute').where('call_id', '=', change.id).execute()
    await indexAttributes(trx, change.id)
  }
}

/** The columns that the text index reads, and those that become attributes. */
const TEXT_COLUMNS = ['call_id', 'customer_number', 'trace_id', 'segments']
const ATTRIBUTE_COLUMNS: readonly AttributeSource[] = ['metadata', 'dynamic_variables']
/** What the measures of a conversation are taken from. */
const MEASURED_COLUMNS = ['segments', 'duration_ms']

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
  if (MEASURED_COLUMNS.some((column) => column in fields)) await measureAnew(db, id)
}

async function measureAnew(db: Connection, id: number): Promise<void> {
  const row = await db
    .selectFrom('call')
    .innerJoin('call_content', 'call_content.call_id', 'call.id')
    .select(['call.duration_ms', 'call_content.segments'])
    .where('call.id', '=', id)
    .executeTakeFirst()
  if (!row) return
  await db
    .updateTable('call')
    .set(measureCall(parseSegments(row.segments), row.duration_ms))
    .where('id', '=', id)
    .execute()
}

/** Stored by us after the adapters checked them; checking 5,000 segments again would cost each read. */
function parseSegments(segments: string): Segment[] {
  return JSON.parse(segments) as Segment[]
}

async function indexText(
  trx: Transaction<Tables>,
  dialect: Database['dialect'],
  id: number,
): Promise<void> {
  const row = await trx
    .selectFrom('call')
    .innerJoin('call_content', 'call_content.call_id', 'call.id')
    .select(['call.call_id', 'call.customer_number', 'call.trace_id', 'call_content.segments'])
    .where('call.id', '=', id)
    .executeTakeFirstOrThrow()
  await dialect.indexText(trx, {
    callId: id,
    identifiers: identifiersOf(row),
    spokenTexts: spokenTexts(parseSegments(row.segments)),
  })
}

/** What the index of ids and numbers holds of a call. */
function identifiersOf(
  call: Pick<Selectable<Tables['call']>, 'call_id' | 'customer_number' | 'trace_id'>,
): TextEntry['identifiers'] {
  return [call.call_id, call.customer_number, call.trace_id].filter(Boolean).join('\n')
}

async function indexAttributes(trx: Transaction<Tables>, id: number): Promise<void> {
  const row = await trx
    .selectFrom('call_content')
    .innerJoin('call', 'call.id', 'call_content.call_id')
    .select(['call.project_id', 'call_content.metadata', 'call_content.dynamic_variables'])
    .where('call_content.call_id', '=', id)
    .executeTakeFirstOrThrow()
  await insertAttributes(trx, {
    callId: id,
    projectId: row.project_id,
    attributes: attributesOf(row),
  })
}

function attributesOf(content: Record<AttributeSource, string>): SourcedAttribute[] {
  return ATTRIBUTE_COLUMNS.flatMap((source) =>
    flattenAttributes(parseObject(content[source])).map((attribute) => ({ ...attribute, source })),
  )
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
  'call.longest_gap_ms',
  'call.interruption_count',
  'call.tool_error_count',
  'call.transcript_state',
  'call.recording_state',
  'call.error_message',
  'call.is_demo',
  'call.updated_at',
] as const

/**
 * At most `limit` calls of a query in its order, after `cursor`. Equal values are ordered by id. `nextCursor` is null
 * at the end. Throws `InvalidCursor` for a cursor of another order; rejects as `SlowReader.run` does.
 */
export async function listCalls(
  database: Database,
  {
    query,
    cursor,
    limit,
    signal,
  }: {
    query: CallQuery
    cursor: string | null
    limit: number
    signal?: AbortSignal | undefined
  },
): Promise<{ items: CallSummary[]; nextCursor: string | null }> {
  const wanted = { query, cursor, limit: limit + 1, signal }
  // Without filter and search an index of the table has the page, and its rows are read at once.
  const places: Place[] = needsSearch(query)
    ? await findPage(database, wanted)
    : await orderedPage(database, wanted).select(SUMMARY_COLUMNS).limit(wanted.limit).execute()
  const page = places.slice(0, limit)
  const last = page.at(-1)
  const hasMore = places.length > limit && last !== undefined
  return {
    items: await summariesOf(database.reader, page),
    nextCursor: hasMore ? cursorOf(last, query) : null,
  }
}

type Place = { id: number; place: string | number | null } & Partial<SummaryRow>

/** The calls at these places, in their order; those that are gone meanwhile are left out. */
async function summariesOf(db: Connection, places: readonly Place[]): Promise<CallSummary[]> {
  const rows = places.every(isRow)
    ? places
    : await summaryRows(
        db,
        places.map(({ id }) => id),
      )
  return withTags(db, rows)
}

function isRow(place: Place): place is Place & SummaryRow {
  return place.call_id !== undefined
}

/** Rows in the order of `ids`. */
async function summaryRows(db: Connection, ids: readonly number[]): Promise<SummaryRow[]> {
  const rows = await db
    .selectFrom('call')
    .select(SUMMARY_COLUMNS)
    .where('call.id', 'in', ids)
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** How many calls a query matches, exactly. Rejects as `SlowReader.run` does. */
export async function countCalls(
  database: Database,
  query: CallQuery,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<number> {
  const from = isNarrowed(query) ? await planScan(database, { query, signal }) : null
  const counting = callsMatching(database, query, from).select(({ fn }) =>
    fn.countAll<number>().as('count'),
  )
  const [row] = await database.slow.run(counting, { signal, timeoutMs: SLOW_READ_MS })
  return Number(row?.count ?? 0)
}

/** The rows of the given ids in a project, by id; at most 200. */
export async function listCallsByIds(
  db: Connection,
  { projectId, ids }: { projectId: number; ids: readonly number[] },
): Promise<CallSummary[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('call')
    .select(SUMMARY_COLUMNS)
    .where('call.project_id', '=', projectId)
    .where('call.id', 'in', ids)
    .orderBy('call.id')
    .limit(200)
    .execute()
  return withTags(db, rows)
}

/** Those of the given ids that a query matches, in no particular order. Rejects as `SlowReader.run` does. */
export async function listMatchingIds(
  database: Database,
  {
    query,
    ids,
    signal,
  }: { query: CallQuery; ids: readonly number[]; signal?: AbortSignal | undefined },
): Promise<number[]> {
  const matching = callsMatching(database, { ...query, ids }).select('call.id')
  const rows = await database.slow.run(matching, {
    signal,
    timeoutMs: SLOW_READ_MS,
    urgency: 'page',
  })
  return rows.map(({ id }) => id)
}

async function withTags(db: Connection, rows: readonly SummaryRow[]): Promise<CallSummary[]> {
  const tags = await tagsOf(db, rows)
  return rows.map((row) => toCallSummary(row, tags.get(row.id) ?? []))
}

/** The tags of each of the given calls that has any, in order. */
async function tagsOf(
  db: Connection,
  calls: readonly { id: number }[],
): Promise<Map<number, string[]>> {
  if (calls.length === 0) return new Map()
  const rows = await db
    .selectFrom('call_tag')
    .select(['call_id', 'tag'])
    .where(
      'call_id',
      'in',
      calls.map(({ id }) => id),
    )
    .orderBy('call_id')
    .orderBy('tag')
    .execute()
  const byCall = Map.groupBy(rows, (row) => row.call_id)
  return new Map([...byCall].map(([id, own]) => [id, own.map(({ tag }) => tag)]))
}

/** Ids of one page of a query in its order, by number: the wire pages this way. Rejects as `SlowReader.run` does. */
export async function listCallIds(
  database: Database,
  {
    query,
    offset = 0,
    limit,
    signal,
  }: {
    query: CallQuery
    offset?: number
    limit: number
    signal?: AbortSignal | undefined
  },
): Promise<number[]> {
  const page = { query, cursor: null, offset, limit, signal }
  const rows = needsSearch(query)
    ? await findPage(database, page)
    : await database.slow.run(
        orderedPage(database, page).select('call.id').limit(limit).offset(offset),
        { signal, timeoutMs: SLOW_READ_MS, urgency: 'page' },
      )
  return rows.map(({ id }) => id)
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
  const tags = await tagsOf(db, rows)
  const byId = new Map(rows.map((row) => [row.id, toCallHead(row, tags.get(row.id) ?? [])]))
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
  const tags = await tagsOf(db, [row])
  return {
    ...toCallHead(row, tags.get(row.id) ?? []),
    assistantId: row.assistant_id ?? '',
    transcriptType: TranscriptType.nullable().parse(row.transcript_type),
    speakerRule: row.speaker_rule,
    segments: parseSegments(row.segments),
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
  | 'longest_gap_ms'
  | 'interruption_count'
  | 'tool_error_count'
  | 'transcript_state'
  | 'recording_state'
  | 'error_message'
  | 'is_demo'
  | 'updated_at'
>

function toCallSummary(row: SummaryRow, tags: readonly string[]): CallSummary {
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
    tags: [...tags],
    longestGapSeconds: row.longest_gap_ms === null ? null : row.longest_gap_ms / 1000,
    interruptionCount: row.interruption_count,
    toolErrorCount: row.tool_error_count,
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

function toCallHead(row: HeadRow, tags: readonly string[]): CallHead {
  return {
    ...toCallSummary(row, tags),
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

const JsonObject = z.record(z.string(), z.unknown())

function parseObject(text: string): Record<string, unknown> {
  return JsonObject.parse(JSON.parse(text))
}
