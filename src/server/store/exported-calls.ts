import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { CallStatus, RecordingState, TranscriptState } from '#contract/call.ts'
import type { Database } from './database.ts'
import { isSeenComment } from './seen-comments.ts'
import type { SnapshotReads } from './slow-reader.ts'
import { isStandingResult } from './standing-results.ts'
import type { Tables } from './tables.ts'

/** Everything that is kept of a call but what was said and sent. Times are ISO 8601 UTC. */
export type ExportedCall = {
  id: number
  callId: string
  traceId: string
  agentId: number | null
  agentName: string
  assistantId: string
  startedAt: string
  isStartedAtReceipt: boolean
  durationSeconds: number | null
  status: CallStatus
  success: boolean | null
  isJudged: boolean
  judgeSuccess: boolean | null
  isReviewed: boolean
  reviewer: string
  reviewedAt: string | null
  customerNumber: string
  endedReason: string
  topic: string
  dropoffPoint: string
  /** In alphabetical order. */
  tags: string[]
  feedback: string
  commentCount: number
  voteCount: number
  segmentCount: number
  longestGapSeconds: number | null
  interruptionCount: number | null
  overlapCount: number | null
  silenceShare: number | null
  talkShare: number | null
  wordsPerMinute: number | null
  toolErrorCount: number
  transcriptState: TranscriptState
  recordingState: RecordingState
  errorMessage: string | null
  isDemo: boolean
  revision: number
  createdAt: string
  updatedAt: string
  /** The current ones, in the order of their metrics. */
  metricResults: ExportedResult[]
  metadata: Record<string, unknown>
  dynamicVariables: Record<string, unknown>
}

export type ExportedResult = {
  metricId: number
  score: number | null
  /** The chosen label of an enum metric. */
  valueText: string | null
  passed: boolean | null
  explanation: string
  confidence: number | null
  source: string
  createdAt: string
}

/** What was said and sent in a call, and what people wrote on it. */
export type ExportedContent = {
  transcriptType: string | null
  speakerRule: string | null
  transcriptWarnings: unknown
  segments: unknown
  recordingUrl: string | null
  /** Oldest first. */
  recordings: ExportedRecording[]
  /** Threads by second and then by segment, those on the whole call first. */
  comments: ExportedComment[]
}

type ExportedReply = { author: string; text: string; createdAt: string }

type ExportedComment = ExportedReply & {
  /** Both null where it is about the whole call. */
  atSeconds: number | null
  segmentIndex: number | null
  isResolved: boolean
  /** Oldest first. */
  replies: ExportedReply[]
}

type ExportedRecording = {
  id: number
  fileName: string
  format: string | null
  channels: number | null
  sampleRateHz: number | null
  durationSeconds: number | null
  sizeBytes: number
  sha256: string
}

export type ExportedMetric = { id: number; name: string }

/** The live metrics of a project, in the order in which they were made. */
export async function readMetrics(
  { reads, database }: Reading,
  projectId: number,
): Promise<ExportedMetric[]> {
  const query = database.reader.selectFrom('metric').select(['id', 'name'])
  return reads.run(
    query.where('project_id', '=', projectId).where('deleted_at', 'is', null).orderBy('id'),
  )
}

/** `database` makes the queries, `reads` runs them. */
export type Reading = { database: Database; reads: SnapshotReads }

/** The given calls in their order, without what was said. */
export async function readCalls(reading: Reading, ids: readonly number[]): Promise<ExportedCall[]> {
  const { database, reads } = reading
  const rows = await reads.run(
    database.reader
      .selectFrom('call')
      .innerJoin('call_content', 'call_content.call_id', 'call.id')
      .leftJoin('agent', 'agent.id', 'call.agent_id')
      .select(CALL_COLUMNS)
      .select(['call_content.metadata', 'call_content.dynamic_variables', 'agent.assistant_id'])
      .where('call.id', 'in', ids),
  )
  const tags = await readTags(reading, ids)
  const results = await readResults(reading, ids)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    if (row === undefined) return []
    return toExportedCall(row, { tags: tags.get(id) ?? [], results: results.get(id) ?? [] })
  })
}

/** What was said and sent in the given calls, and written on them, by their ids. */
export async function readContents(
  reading: Reading,
  ids: readonly number[],
): Promise<Map<number, ExportedContent>> {
  const { database, reads } = reading
  const rows = await reads.run(
    database.reader
      .selectFrom('call_content')
      .select([
        'call_id',
        'transcript_type',
        'speaker_rule',
        'warnings',
        'segments',
        'recording_url',
      ])
      .where('call_id', 'in', ids),
  )
  const recordings = await readRecordings(reading, ids)
  const comments = await readComments(reading, ids)
  return new Map(
    rows.map((row) => [
      row.call_id,
      {
        transcriptType: row.transcript_type,
        speakerRule: row.speaker_rule,
        transcriptWarnings: JSON.parse(row.warnings) as unknown,
        segments: JSON.parse(row.segments) as unknown,
        recordingUrl: row.recording_url,
        recordings: recordings.get(row.call_id) ?? [],
        comments: comments.get(row.call_id) ?? [],
      },
    ]),
  )
}

async function readTags(
  { database, reads }: Reading,
  ids: readonly number[],
): Promise<Map<number, string[]>> {
  const query = database.reader.selectFrom('call_tag').select(['call_id', 'tag'])
  const rows = await reads.run(query.where('call_id', 'in', ids).orderBy('call_id').orderBy('tag'))
  const byCall = Map.groupBy(rows, (row) => row.call_id)
  return new Map([...byCall].map(([id, own]) => [id, own.map(({ tag }) => tag)]))
}

async function readResults(
  { database, reads }: Reading,
  ids: readonly number[],
): Promise<Map<number, ExportedResult[]>> {
  const rows = await reads.run(
    database.reader
      .selectFrom('verdict')
      .select([
        'call_id',
        'metric_id',
        'score',
        'value_text',
        'passed',
        'explanation',
        'confidence',
        'source',
        'created_at',
      ])
      .where('call_id', 'in', ids)
      .where('is_current', '=', 1)
      .where(isStandingResult())
      .orderBy('call_id')
      .orderBy('metric_id'),
  )
  const byCall = Map.groupBy(rows, (row) => row.call_id)
  return new Map(
    [...byCall].map(([id, own]) => [
      id,
      own.map((row) => ({
        metricId: row.metric_id,
        score: row.score,
        valueText: row.value_text,
        passed: toBoolean(row.passed),
        explanation: row.explanation,
        confidence: row.confidence,
        source: row.source,
        createdAt: toTime(row.created_at),
      })),
    ]),
  )
}

async function readRecordings(
  { database, reads }: Reading,
  ids: readonly number[],
): Promise<Map<number, ExportedRecording[]>> {
  const rows = await reads.run(
    database.reader
      .selectFrom('recording')
      .select([
        'call_id',
        'id',
        'file_name',
        'format',
        'channels',
        'sample_rate_hz',
        'duration_ms',
        'size_bytes',
        'sha256',
      ])
      .where('call_id', 'in', ids)
      .orderBy('call_id')
      .orderBy('id'),
  )
  const byCall = Map.groupBy(rows, (row) => row.call_id)
  return new Map(
    [...byCall].map(([callId, own]) => [
      callId,
      own.map((row) => ({
        id: row.id,
        fileName: row.file_name,
        format: row.format,
        channels: row.channels,
        sampleRateHz: row.sample_rate_hz,
        durationSeconds: toSeconds(row.duration_ms),
        sizeBytes: row.size_bytes,
        sha256: row.sha256,
      })),
    ]),
  )
}

async function readComments(
  { database, reads }: Reading,
  ids: readonly number[],
): Promise<Map<number, ExportedComment[]>> {
  const rows = await reads.run(
    database.reader
      .selectFrom('call_comment')
      .select(COMMENT_COLUMNS)
      .where('call_id', 'in', ids)
      .where(isSeenComment())
      .orderBy('call_id')
      .orderBy('at_ms')
      .orderBy('segment_index')
      .orderBy('id'),
  )
  const replies = Map.groupBy(rows, (row) => row.parent_id)
  const threads = Map.groupBy(replies.get(null) ?? [], (row) => row.call_id)
  return new Map(
    [...threads].map(([callId, own]) => [
      callId,
      own.map((row) => ({
        ...toReply(row),
        atSeconds: toSeconds(row.at_ms),
        segmentIndex: row.segment_index,
        isResolved: row.resolved_at !== null,
        replies: (replies.get(row.id) ?? []).map(toReply),
      })),
    ]),
  )
}

const COMMENT_COLUMNS = [
  'id',
  'call_id',
  'parent_id',
  'author',
  'text',
  'at_ms',
  'segment_index',
  'resolved_at',
  'created_at',
] as const

type CommentRow = Pick<Selectable<Tables['call_comment']>, (typeof COMMENT_COLUMNS)[number]>

function toReply({ author, text, created_at }: CommentRow): ExportedReply {
  return { author, text, createdAt: toTime(created_at) }
}

const COLUMN_NAMES = [
  'id',
  'call_id',
  'trace_id',
  'agent_id',
  'agent_name',
  'started_at',
  'is_started_at_receipt',
  'duration_ms',
  'status',
  'success',
  'is_judged',
  'judge_success',
  'is_reviewed',
  'reviewer',
  'reviewed_at',
  'customer_number',
  'ended_reason',
  'topic',
  'dropoff_point',
  'feedback',
  'comment_count',
  'vote_count',
  'segment_count',
  'longest_gap_ms',
  'interruption_count',
  'overlap_count',
  'silence_share',
  'talk_share',
  'words_per_minute',
  'tool_error_count',
  'transcript_state',
  'recording_state',
  'error_message',
  'is_demo',
  'revision',
  'created_at',
  'updated_at',
] as const

type ColumnName = (typeof COLUMN_NAMES)[number]

const CALL_COLUMNS = COLUMN_NAMES.map((name) => `call.${name}` as const)

type ExportRow = Pick<Selectable<Tables['call']>, ColumnName> &
  Pick<Selectable<Tables['call_content']>, 'metadata' | 'dynamic_variables'> & {
    assistant_id: string | null
  }

const JsonObject = z.record(z.string(), z.unknown())

function toExportedCall(
  row: ExportRow,
  { tags, results }: { tags: string[]; results: ExportedResult[] },
): ExportedCall {
  return {
    id: row.id,
    callId: row.call_id,
    traceId: row.trace_id,
    agentId: row.agent_id,
    agentName: row.agent_name,
    assistantId: row.assistant_id ?? '',
    startedAt: toTime(row.started_at),
    isStartedAtReceipt: row.is_started_at_receipt === 1,
    durationSeconds: toSeconds(row.duration_ms),
    status: row.status,
    success: toBoolean(row.success),
    isJudged: row.is_judged === 1,
    judgeSuccess: toBoolean(row.judge_success),
    isReviewed: row.is_reviewed === 1,
    reviewer: row.reviewer,
    reviewedAt: row.reviewed_at === null ? null : toTime(row.reviewed_at),
    customerNumber: row.customer_number,
    endedReason: row.ended_reason,
    topic: row.topic,
    dropoffPoint: row.dropoff_point,
    tags,
    feedback: row.feedback,
    commentCount: row.comment_count,
    voteCount: row.vote_count,
    segmentCount: row.segment_count,
    longestGapSeconds: toSeconds(row.longest_gap_ms),
    interruptionCount: row.interruption_count,
    overlapCount: row.overlap_count,
    silenceShare: row.silence_share,
    talkShare: row.talk_share,
    wordsPerMinute: row.words_per_minute,
    toolErrorCount: row.tool_error_count,
    transcriptState: row.transcript_state,
    recordingState: row.recording_state,
    errorMessage: row.error_message,
    isDemo: row.is_demo === 1,
    revision: row.revision,
    createdAt: toTime(row.created_at),
    updatedAt: toTime(row.updated_at),
    metricResults: results,
    metadata: JsonObject.parse(JSON.parse(row.metadata)),
    dynamicVariables: JsonObject.parse(JSON.parse(row.dynamic_variables)),
  }
}

function toTime(epochMs: number): string {
  return new Date(epochMs).toISOString()
}

function toSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000
}

function toBoolean(flag: number | null): boolean | null {
  return flag === null ? null : flag === 1
}
