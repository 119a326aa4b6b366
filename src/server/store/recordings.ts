import type { RecordingDetail } from '#contract/call.ts'
import { AudioFormat, type AudioProbe, type PeakLevel } from '#contract/recording.ts'
import type { Connection } from './database.ts'

export type NewRecording = {
  callId: number
  storageKey: string
  fileName: string
  sizeBytes: number
  sha256: string
  sourceUrl: string | null
  now: number
}

/** Adds a recording to a call. The newest one is the one that plays; older ones stay. */
export async function insertRecording(db: Connection, recording: NewRecording): Promise<number> {
  const { id } = await db
    .insertInto('recording')
    .values({
      call_id: recording.callId,
      storage_key: recording.storageKey,
      file_name: recording.fileName,
      format: null,
      codec: null,
      mime_type: null,
      channels: null,
      sample_rate_hz: null,
      duration_ms: null,
      size_bytes: recording.sizeBytes,
      sha256: recording.sha256,
      source_url: recording.sourceUrl,
      created_at: recording.now,
      analysed_at: null,
      agent_channel: null,
      playback_key: null,
      playback_mime_type: null,
      playback_size_bytes: null,
      playback_sha256: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function saveProbe(
  db: Connection,
  { id, probe }: { id: number; probe: AudioProbe },
): Promise<void> {
  await db
    .updateTable('recording')
    .set({
      format: probe.format,
      codec: probe.codec,
      mime_type: probe.mimeType,
      channels: probe.channels,
      sample_rate_hz: probe.sampleRateHz,
      duration_ms: Math.round(probe.durationSeconds * 1000),
    })
    .where('id', '=', id)
    .execute()
}

/** A copy of a recording that browsers seek exactly. */
export type PlaybackFile = {
  storageKey: string
  mimeType: string
  sizeBytes: number
  sha256: string
}

/** Says which copy is played in place of the original; null: the original itself. */
export async function savePlayback(
  db: Connection,
  { id, playback }: { id: number; playback: PlaybackFile | null },
): Promise<void> {
  await db
    .updateTable('recording')
    .set({
      playback_key: playback?.storageKey ?? null,
      playback_mime_type: playback?.mimeType ?? null,
      playback_size_bytes: playback?.sizeBytes ?? null,
      playback_sha256: playback?.sha256 ?? null,
    })
    .where('id', '=', id)
    .execute()
}

/** Stores every zoom level of a recording, in place of what was there. */
export async function savePeaks(
  db: Connection,
  {
    id,
    levels,
    agentChannel,
    now,
  }: { id: number; levels: readonly PeakLevel[]; agentChannel: 0 | 1 | null; now: number },
): Promise<void> {
  await db.deleteFrom('recording_peaks').where('recording_id', '=', id).execute()
  for (const level of levels) {
    await db
      .insertInto('recording_peaks')
      .values({
        recording_id: id,
        points_per_second: level.pointsPerSecond,
        channels: level.channels,
        bytes: level.bytes,
      })
      .execute()
  }
  await db
    .updateTable('recording')
    .set({ analysed_at: now, agent_channel: agentChannel })
    .where('id', '=', id)
    .execute()
}

export async function saveAgentChannel(
  db: Connection,
  { id, agentChannel }: { id: number; agentChannel: 0 | 1 },
): Promise<void> {
  await db
    .updateTable('recording')
    .set({ agent_channel: agentChannel })
    .where('id', '=', id)
    .execute()
}

/** The recording that plays for a call; null until its format is known. */
export async function findCurrentRecording(
  db: Connection,
  callId: number,
): Promise<RecordingDetail | null> {
  const row = await db
    .selectFrom('recording')
    .select([
      'id',
      'format',
      'codec',
      'mime_type',
      'channels',
      'sample_rate_hz',
      'duration_ms',
      'size_bytes',
      'sha256',
      'agent_channel',
    ])
    .where('call_id', '=', callId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row?.format == null) return null
  const levels = await db
    .selectFrom('recording_peaks')
    .select('points_per_second')
    .where('recording_id', '=', row.id)
    .orderBy('points_per_second')
    .limit(20)
    .execute()
  return {
    id: row.id,
    format: AudioFormat.parse(row.format),
    codec: row.codec ?? '',
    mimeType: row.mime_type ?? 'application/octet-stream',
    channels: row.channels ?? 1,
    sampleRateHz: row.sample_rate_hz ?? 1,
    durationSeconds: (row.duration_ms ?? 0) / 1000,
    sizeBytes: row.size_bytes,
    sha256: row.sha256,
    agentChannel: row.agent_channel === 0 || row.agent_channel === 1 ? row.agent_channel : null,
    peakLevels: levels.map((level) => level.points_per_second),
  }
}

export type StoredRecording = {
  id: number
  callId: number
  projectId: number
  senderCallId: string
  storageKey: string
  fileName: string
  mimeType: string
  format: string | null
  sha256: string
  sizeBytes: number
  playback: PlaybackFile | null
}

/** Where a recording's file is, and whose it is. */
export async function findStoredRecording(
  db: Connection,
  { id, projectId }: { id: number; projectId: number | null },
): Promise<StoredRecording | null> {
  let query = recordingFiles(db).where('recording.id', '=', id)
  if (projectId !== null) query = query.where('call.project_id', '=', projectId)
  const row = await query.executeTakeFirst()
  return row ? toStoredRecording(row) : null
}

/** The newest file of a call, whether it is understood or not. */
export async function findNewestFile(
  db: Connection,
  callId: number,
): Promise<StoredRecording | null> {
  const row = await recordingFiles(db)
    .where('recording.call_id', '=', callId)
    .orderBy('recording.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? toStoredRecording(row) : null
}

/** The storage keys of every file of a call, copies included, for removal. */
export async function listStorageKeys(db: Connection, callId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('recording')
    .select(['storage_key', 'playback_key'])
    .where('call_id', '=', callId)
    .orderBy('id')
    .limit(1000)
    .execute()
  return rows.flatMap(keysOf)
}

/**
 * The storage keys of at most 1,000 recordings after an id, copies included, and the id to go on after; null at the
 * end. For finding files that nothing points at, and recordings without their file.
 */
export async function listStoredKeys(
  db: Connection,
  after: number,
): Promise<{ keys: string[]; last: number | null }> {
  const rows = await db
    .selectFrom('recording')
    .select(['id', 'storage_key', 'playback_key'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(1000)
    .execute()
  return { keys: rows.flatMap(keysOf), last: rows.at(-1)?.id ?? null }
}

function keysOf(row: { storage_key: string; playback_key: string | null }): string[] {
  return row.playback_key === null ? [row.storage_key] : [row.storage_key, row.playback_key]
}

export async function deleteRecordings(db: Connection, callId: number): Promise<void> {
  await db.deleteFrom('recording').where('call_id', '=', callId).execute()
}

export async function findPeaks(
  db: Connection,
  { recordingId, pointsPerSecond }: { recordingId: number; pointsPerSecond: number },
): Promise<{ channels: number; bytes: Uint8Array } | null> {
  const row = await db
    .selectFrom('recording_peaks')
    .select(['channels', 'bytes'])
    .where('recording_id', '=', recordingId)
    .where('points_per_second', '=', pointsPerSecond)
    .executeTakeFirst()
  return row ?? null
}

function recordingFiles(db: Connection) {
  return db
    .selectFrom('recording')
    .innerJoin('call', 'call.id', 'recording.call_id')
    .select([
      'recording.id',
      'recording.call_id',
      'recording.storage_key',
      'recording.file_name',
      'recording.mime_type',
      'recording.format',
      'recording.sha256',
      'recording.size_bytes',
      'recording.playback_key',
      'recording.playback_mime_type',
      'recording.playback_size_bytes',
      'recording.playback_sha256',
      'call.project_id',
      'call.call_id as sender_call_id',
    ])
}

type FileRow = Awaited<ReturnType<ReturnType<typeof recordingFiles>['execute']>>[number]

function toStoredRecording(row: FileRow): StoredRecording {
  return {
    id: row.id,
    callId: row.call_id,
    projectId: row.project_id,
    senderCallId: row.sender_call_id,
    storageKey: row.storage_key,
    fileName: row.file_name,
    mimeType: row.mime_type ?? 'application/octet-stream',
    format: row.format,
    sha256: row.sha256,
    sizeBytes: row.size_bytes,
    playback: toPlayback(row),
  }
}

function toPlayback(row: FileRow): PlaybackFile | null {
  if (row.playback_key === null) return null
  return {
    storageKey: row.playback_key,
    mimeType: row.playback_mime_type ?? 'application/octet-stream',
    sizeBytes: row.playback_size_bytes ?? 0,
    sha256: row.playback_sha256 ?? '',
  }
}
