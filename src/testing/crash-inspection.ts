import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkIntegrity, type Database, openDatabase } from '#server/store/database.ts'
import { openRecordingFiles, type RecordingFiles } from '#server/store/recording-files.ts'
import type { Acknowledged } from './crash-clients.ts'

/** What is wrong after crashes, by kind; every list is empty if all that was acknowledged is there. */
export type CrashDamage = {
  lost: string[]
  duplicated: string[]
  /** Not exactly one payload, or another one than was sent. */
  wrongPayload: string[]
  /** Neither a result nor a job that will bring it. */
  withoutWork: string[]
  /** Not exactly one recording, or its file is missing or has other bytes. */
  wrongRecording: string[]
  lostReviews: string[]
  /** Texts that the search does not find, although the call is there. */
  notFound: string[]
  /** What the database finds wrong with itself. */
  database: string[]
}

export type Inspection = { damage: CrashDamage; storedCalls: number; unusedFiles: number }

/** Compares a data folder that no server uses with what the clients were told. Changes nothing. */
export async function inspectAfterCrashes(
  dataDir: string,
  acknowledged: readonly Acknowledged[],
): Promise<Inspection> {
  const database = await openDatabase({ dataDir })
  try {
    const files = await openRecordingFiles(join(dataDir, 'recordings'))
    return await inspect({ database, files, acknowledged })
  } finally {
    await database.close()
  }
}

type Subject = {
  database: Database
  files: RecordingFiles
  acknowledged: readonly Acknowledged[]
}

async function inspect({ database, files, acknowledged }: Subject): Promise<Inspection> {
  const stored = await readStored(database)
  const damage: CrashDamage = {
    lost: [],
    duplicated: [],
    wrongPayload: [],
    withoutWork: [],
    wrongRecording: [],
    lostReviews: [],
    notFound: await textsNotFound(database),
    database: await checkIntegrity(database),
  }
  for (const [callId, calls] of stored.callsByCallId) {
    if (calls.length > 1) damage.duplicated.push(callId)
  }
  for (const sent of acknowledged) {
    const [call] = stored.callsByCallId.get(sent.callId) ?? []
    if (call?.id !== sent.id) {
      damage.lost.push(sent.callId)
      continue
    }
    const payloads = stored.payloads.get(call.id) ?? []
    const recordings = stored.recordings.get(call.id) ?? []
    const jobs = stored.jobs.get(`call:${call.id}`) ?? []
    if (!isPayloadOf(sent, payloads)) damage.wrongPayload.push(sent.callId)
    if (!hasResultOrWork(call, jobs)) damage.withoutWork.push(sent.callId)
    if (!(await isRecordingOf(sent, { recordings, files }))) {
      damage.wrongRecording.push(sent.callId)
    }
    if (sent.isReviewed && call.status !== 'reviewed_failure') damage.lostReviews.push(sent.callId)
  }
  const { keys } = await files.survey()
  const used = [...stored.recordings.values()].flat().length
  const storedCalls = [...stored.callsByCallId.values()].flat().length
  return { damage, storedCalls, unusedFiles: keys.length - used }
}

type StoredCall = { id: number; call_id: string; status: string; recording_state: string }
type StoredRecording = { call_id: number; storage_key: string; sha256: string }

async function readStored({ reader }: Database) {
  const calls: StoredCall[] = await reader
    .selectFrom('call')
    .select(['id', 'call_id', 'status', 'recording_state'])
    .execute()
  const payloads = await reader
    .selectFrom('call_payload')
    .select(['call_id', 'body'])
    .where('source', '!=', 'patch')
    .execute()
  const recordings: StoredRecording[] = await reader
    .selectFrom('recording')
    .select(['call_id', 'storage_key', 'sha256'])
    .execute()
  const jobs = await reader.selectFrom('job').select(['subject', 'kind']).execute()
  return {
    callsByCallId: Map.groupBy(calls, ({ call_id }) => call_id),
    payloads: Map.groupBy(payloads, ({ call_id }) => call_id),
    recordings: Map.groupBy(recordings, ({ call_id }) => call_id),
    jobs: Map.groupBy(jobs, ({ subject }) => subject),
  }
}

function isPayloadOf(sent: Acknowledged, payloads: readonly { body: string }[]): boolean {
  const [payload] = payloads
  if (payload === undefined || payloads.length > 1) return false
  return sent.body === null ? payload.body.includes(sent.text) : payload.body === sent.body
}

/** What ends in the evaluation of a call. */
const TO_JUDGE = ['hear-recording', 'evaluate-call', 'judge-call']

/** A recording that is not understood yet needs its own job: the evaluation comes after it. */
function hasResultOrWork(call: StoredCall, jobs: readonly { kind: string }[]): boolean {
  const isAnalysed = call.recording_state === 'none' || call.recording_state === 'ready'
  if (!isAnalysed) return jobs.some(({ kind }) => kind === 'prepare-recording')
  return call.status !== 'evaluating' || jobs.some(({ kind }) => TO_JUDGE.includes(kind))
}

async function isRecordingOf(
  { sha256 }: Acknowledged,
  { recordings, files }: { recordings: readonly StoredRecording[]; files: RecordingFiles },
): Promise<boolean> {
  const [recording] = recordings
  if (sha256 === null) return recording === undefined
  if (recording === undefined || recordings.length > 1 || recording.sha256 !== sha256) return false
  if (!(await files.has(recording.storage_key))) return false
  const bytes = await readFile(files.pathOf(recording.storage_key))
  return createHash('sha256').update(bytes).digest('hex') === sha256
}

/** Every stored call says words that no other call says. */
async function textsNotFound({ reader, dialect }: Database): Promise<string[]> {
  const rows = await reader
    .selectFrom('call')
    .select('call_id')
    .where((eb) => eb.not(dialect.matchesText(reader, 'This is what was said in')))
    .execute()
  return rows.map(({ call_id }) => call_id)
}
