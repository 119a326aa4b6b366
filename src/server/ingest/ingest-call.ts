import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Transaction } from 'kysely'
import type { DuplicatePolicy } from '#contract/project.ts'
import { transcriptEndSeconds } from '#contract/transcript.ts'
import { renderTranscript } from '#contract/wire/transcript.ts'
import { enqueue } from '../queue/job-kinds.ts'
import { forgetOtherJudgement } from '../store/call-judgement.ts'
import {
  type CallFields,
  type ContentFields,
  EMPTY_CALL,
  EMPTY_CONTENT,
  type ExistingCall,
  findCallBySenderId,
  findNewestPayload,
  insertCall,
  insertPayload,
  updateCall,
} from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import { insertRecording } from '../store/recordings.ts'
import type { Tables } from '../store/tables.ts'
import type { IncomingCall } from './incoming-call.ts'

/** A deferred evaluation starts by itself after this long. Source: Cekura SDK, deferred evaluation. */
const DEFERRED_EVALUATION_MS = 5 * 60_000

export type IngestResult =
  | { kind: 'created'; id: number }
  | { kind: 'updated'; id: number }
  /** The same content was here already. A body that says more than we read is kept as a further payload. */
  | { kind: 'unchanged'; id: number }
  /** The project refuses a second payload under a known `call_id`. */
  | { kind: 'duplicate'; id: number }

export type Ingestion = {
  call: IncomingCall
  onDuplicate: DuplicatePolicy
  now: number
  /** What is stored of a new call beyond its payload, in the same transaction, which may be tried a second time. */
  onCreated?: (trx: Transaction<Tables>, id: number) => Promise<void>
}

/**
 * Stores a call, its payload, its recording and the work it needs in one transaction: when this returns,
 * all of it survives a crash. A known `call_id` is handled as `onDuplicate` says (docs/wire.md B1).
 */
export async function ingestCall(
  database: Database,
  { call, onDuplicate, now, onCreated }: Ingestion,
): Promise<IngestResult> {
  return database.sharedTransaction(async (trx) => {
    const result = await ingest({ trx, database, call, onDuplicate, now })
    if (result.kind === 'created') await onCreated?.(trx, result.id)
    return result
  })
}

export type BatchResult =
  | { kind: 'stored'; results: IngestResult[] }
  /** The entry at `index`, from 0, was refused as a duplicate of call log `id`: nothing is stored. */
  | ({ kind: 'duplicate' } & Refusal)

type Refusal = { index: number; callId: string; id: number }

class RefusedBatch extends Error {
  override readonly name = 'RefusedBatch'
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(`Entry ${refusal.index} (${refusal.callId}) is a duplicate of call log ${refusal.id}`)
    this.refusal = refusal
  }
}

/** As `ingestCall` for each entry in order, but all of them or none, in one transaction. */
export async function ingestBatch(
  database: Database,
  {
    entries,
    now,
  }: { entries: readonly { call: IncomingCall; onDuplicate: DuplicatePolicy }[]; now: number },
): Promise<BatchResult> {
  try {
    return await database.transaction(async (trx) => {
      const results: IngestResult[] = []
      for (const [index, entry] of entries.entries()) {
        // SQLite answers within the same turn of the event loop: others get theirs between two calls.
        await setImmediate()
        const result = await ingest({ trx, database, now, ...entry })
        // Thrown, so that the transaction takes back the entries before this one.
        if (result.kind === 'duplicate') {
          throw new RefusedBatch({ index, callId: entry.call.callId, id: result.id })
        }
        results.push(result)
      }
      return { kind: 'stored', results }
    })
  } catch (error) {
    if (error instanceof RefusedBatch) return { kind: 'duplicate', ...error.refusal }
    throw error
  }
}

async function ingest({
  trx,
  database,
  call,
  onDuplicate,
  now,
}: Omit<Write, 'fingerprint'> & { onDuplicate: DuplicatePolicy }): Promise<IngestResult> {
  const write = { trx, database, call, now, fingerprint: fingerprintOf(call) }
  const existing = await findCallBySenderId(trx, call)
  if (existing === null) return createCall({ ...write, duplicateOrdinal: 0 })
  if (existing.fingerprint === write.fingerprint) {
    await keepOtherBody(trx, { call, existing, now })
    return { kind: 'unchanged', id: existing.id }
  }
  if (onDuplicate === 'reject') return { kind: 'duplicate', id: existing.id }
  if (onDuplicate === 'allow') {
    return createCall({ ...write, duplicateOrdinal: existing.duplicateOrdinal + 1 })
  }
  return reviseCall({ ...write, existing })
}

/**
 * Keeps a body of equal content that differs in what we do not read, such as a provider's own analysis. Where no
 * payload is kept, they were removed on purpose, and stay so.
 */
async function keepOtherBody(
  trx: Transaction<Tables>,
  { call, existing, now }: { call: IncomingCall; existing: ExistingCall; now: number },
): Promise<void> {
  const newest = await findNewestPayload(trx, existing.id)
  if (newest === null || newest.body === call.body) return
  await insertPayload(trx, {
    callId: existing.id,
    revision: existing.revision,
    source: call.source,
    body: call.body,
    now,
  })
}

type Write = {
  trx: Transaction<Tables>
  database: Database
  call: IncomingCall
  fingerprint: string
  now: number
}

async function createCall(write: Write & { duplicateOrdinal: number }): Promise<IngestResult> {
  const { trx, database, call, fingerprint, now, duplicateOrdinal } = write
  const id = await insertCall(trx, database.dialect, {
    projectId: call.projectId,
    callId: call.callId,
    duplicateOrdinal,
    now,
    fields: { ...EMPTY_CALL, started_at: now, fingerprint, ...toFields(call) },
    content: { ...EMPTY_CONTENT, ...toContent(call) },
  })
  await insertPayload(trx, { callId: id, revision: 1, source: call.source, body: call.body, now })
  await storeRecordingAndWork({ ...write, id, isRecordingUnderWay: false })
  return { kind: 'created', id }
}

async function reviseCall(write: Write & { existing: ExistingCall }): Promise<IngestResult> {
  const { trx, database, fingerprint, now, existing } = write
  const call = withoutKnownRecording(write.call, existing)
  const revision = existing.revision + 1
  const outcome = existing.isReviewed ? {} : { status: 'evaluating' as const, success: null }
  const content = toContent(call)
  const { segments } = content
  if (segments !== undefined) await forgetOtherJudgement(trx, { callId: existing.id, segments })
  await updateCall(trx, database.dialect, {
    id: existing.id,
    now,
    fields: {
      ...toFields(call),
      ...keepTranscript(call, existing),
      ...keepMeasuredDuration(call, existing),
      ...outcome,
      ...errorMessageAfter(call, existing),
      fingerprint,
      revision,
    },
    content,
  })
  await insertPayload(trx, {
    callId: existing.id,
    revision,
    source: call.source,
    body: call.body,
    now,
  })
  await storeRecordingAndWork({
    ...write,
    call,
    id: existing.id,
    isRecordingUnderWay: call !== write.call && existing.recordingState !== 'ready',
  })
  return { kind: 'updated', id: existing.id }
}

/** An address that is fetched already, or is about to be, is not fetched again. */
function withoutKnownRecording(call: IncomingCall, existing: ExistingCall): IncomingCall {
  if (call.recording.kind !== 'url' || call.recording.url !== existing.recordingUrl) return call
  const isLost = existing.recordingState === 'failed' || existing.recordingState === 'none'
  return isLost ? call : { ...call, recording: { kind: 'absent' } }
}

/** Why the recording is lost stays told until another one comes. */
function errorMessageAfter(call: IncomingCall, existing: ExistingCall): Partial<CallFields> {
  const message = errorMessageOf(call)
  const staysFailed = existing.recordingState === 'failed' && call.recording.kind === 'absent'
  return staysFailed && message === null ? {} : { error_message: message }
}

/** Audio that arrives after the transcript must not make the call wait for a transcription. */
function keepTranscript(call: IncomingCall, existing: ExistingCall): Partial<CallFields> {
  if (call.transcript.kind !== 'needs-transcription') return {}
  return {
    transcript_state: existing.transcriptState === 'ready' ? 'ready' : 'needs-transcription',
  }
}

/** The length of a recording that is here was measured; a transcript that comes later does not change it. */
function keepMeasuredDuration(call: IncomingCall, existing: ExistingCall): Partial<CallFields> {
  if (call.recording.kind !== 'absent' || existing.recordingState !== 'ready') return {}
  return { duration_ms: existing.durationMs }
}

async function storeRecordingAndWork({
  trx,
  call,
  id,
  now,
  isRecordingUnderWay,
}: Write & { id: number; isRecordingUnderWay: boolean }): Promise<void> {
  const { recording } = call
  if (recording.kind === 'file') {
    const recordingId = await insertRecording(trx, {
      callId: id,
      ...recording.file,
      fileName: recording.fileName,
      sourceUrl: null,
      now,
    })
    await enqueue(trx, { kind: 'prepare-recording', payload: { callId: id, recordingId }, now })
  }
  if (recording.kind === 'url') {
    const payload = { callId: id, url: recording.url }
    await enqueue(trx, { kind: 'fetch-recording', payload, now })
  }
  // A call is judged once its recording is here or lost; both jobs ask for the evaluation when they end.
  const waitsForRecording = call.recording.kind !== 'absent' || isRecordingUnderWay
  if (waitsForRecording && !call.defersEvaluation) return
  await enqueueEvaluation(trx, { call, id, now })
}

async function enqueueEvaluation(
  trx: Transaction<Tables>,
  { call, id, now }: { call: IncomingCall; id: number; now: number },
): Promise<void> {
  await enqueue(trx, {
    kind: 'evaluate-call',
    payload: { callId: id },
    now,
    runAt: call.defersEvaluation ? now + DEFERRED_EVALUATION_MS : now,
  })
}

/** The columns of the call row that this payload decides. */
function toFields(call: IncomingCall): Partial<CallFields> {
  const { details, agent } = call
  const durationMs = durationMsOf(call)
  const errorMessage = errorMessageOf(call)
  return {
    ...(agent && { agent_id: agent.id, agent_name: agent.name }),
    ...(details.startedAt && {
      started_at: details.startedAt.getTime(),
      is_started_at_receipt: 0,
    }),
    ...(durationMs !== null && { duration_ms: durationMs }),
    ...(details.endedReason !== undefined && { ended_reason: details.endedReason }),
    ...(details.customerNumber !== undefined && { customer_number: details.customerNumber }),
    ...(details.traceId !== undefined && { trace_id: details.traceId }),
    ...(details.feedback !== undefined && { feedback: details.feedback }),
    ...(errorMessage !== null && { error_message: errorMessage }),
    ...transcriptFields(call),
    ...recordingFields(call),
    is_demo: Number(call.isDemo),
  }
}

function errorMessageOf({ transcript }: IncomingCall): string | null {
  return transcript.kind === 'not-connected' ? transcript.reason : null
}

function transcriptFields({ transcript }: IncomingCall): Partial<CallFields> {
  switch (transcript.kind) {
    case 'parsed':
      return { transcript_state: 'ready' }
    case 'needs-transcription':
      return { transcript_state: 'needs-transcription' }
    case 'not-connected':
      return { transcript_state: 'none' }
    case 'absent':
      return {}
    default:
      return transcript satisfies never
  }
}

function recordingFields({ recording }: IncomingCall): Partial<CallFields> {
  switch (recording.kind) {
    case 'file':
      return { recording_state: 'analysing' }
    case 'url':
      return { recording_state: 'waiting' }
    case 'absent':
      return {}
    default:
      return recording satisfies never
  }
}

/** The sender's figure; else the end of the transcript. The recording's own length replaces either later. */
function durationMsOf({ details, transcript }: IncomingCall): number | null {
  if (details.durationSeconds !== undefined) return Math.round(details.durationSeconds * 1000)
  if (transcript.kind !== 'parsed') return null
  const endSeconds = transcriptEndSeconds(transcript.segments)
  return endSeconds === null ? null : Math.round(endSeconds * 1000)
}

function toContent(call: IncomingCall): Partial<ContentFields> {
  const { details, transcript, recording } = call
  return {
    ...(transcript.kind === 'parsed' && {
      transcript_type: transcript.type,
      speaker_rule: transcript.speakerRule,
      segments: JSON.stringify(transcript.segments),
      warnings: JSON.stringify(transcript.warnings),
      transcript_text: renderTranscript(transcript.segments),
    }),
    ...(details.metadata !== undefined && { metadata: JSON.stringify(details.metadata) }),
    ...(details.dynamicVariables !== undefined && {
      dynamic_variables: JSON.stringify(details.dynamicVariables),
    }),
    ...(details.metricIds !== undefined && { metric_ids: details.metricIds.join(',') }),
    ...(details.mainAgentChannelIndex !== undefined && {
      main_agent_channel_index: details.mainAgentChannelIndex,
    }),
    ...(recording.kind === 'url' && { recording_url: recording.url }),
    ...(recording.kind === 'file' && { recording_url: null }),
  }
}

/** SHA-256 of what a payload says, apart from how it is spelled. A file counts by its content. */
function fingerprintOf(call: IncomingCall): string {
  const { recording } = call
  const content = {
    agentId: call.agent?.id ?? null,
    transcript: call.transcript,
    recording: recording.kind === 'file' ? { sha256: recording.file.sha256 } : recording,
    details: call.details,
  }
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}
