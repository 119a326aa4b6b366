import { RecordingSpeech } from '#contract/recording-speech.ts'
import type { Connection } from './database.ts'

/** The speech of the recording that counts for a call, and on which of its channels the agent speaks. */
export type SpeechOfCall = {
  speech: RecordingSpeech
  agentChannel: 0 | 1 | null
  /** Null where the probe of the file did not say. */
  sampleRateHz: number | null
}

/** Stores what was heard in a recording, in place of what was there. */
export async function saveSpeech(
  db: Connection,
  { recordingId, speech, now }: { recordingId: number; speech: RecordingSpeech; now: number },
): Promise<void> {
  const heard = { speech: JSON.stringify(speech), created_at: now }
  await db
    .insertInto('recording_speech')
    .values({ recording_id: recordingId, ...heard })
    .onConflict((conflict) => conflict.column('recording_id').doUpdateSet(heard))
    .execute()
}

/** Null for a recording that is not there, or that was never listened to. */
export async function findSpeech(
  db: Connection,
  recordingId: number,
): Promise<RecordingSpeech | null> {
  const row = await db
    .selectFrom('recording_speech')
    .select('speech')
    .where('recording_id', '=', recordingId)
    .executeTakeFirst()
  return row ? RecordingSpeech.parse(JSON.parse(row.speech)) : null
}

/** Of the newest recording of a call; null without one, and for as long as it was not listened to. */
export async function findSpeechOfCall(
  db: Connection,
  callId: number,
): Promise<SpeechOfCall | null> {
  const row = await db
    .selectFrom('recording')
    .leftJoin('recording_speech', 'recording_speech.recording_id', 'recording.id')
    .select(['recording.agent_channel', 'recording.sample_rate_hz', 'recording_speech.speech'])
    .where('recording.call_id', '=', callId)
    .orderBy('recording.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row?.speech == null) return null
  return {
    speech: RecordingSpeech.parse(JSON.parse(row.speech)),
    agentChannel: row.agent_channel === 0 || row.agent_channel === 1 ? row.agent_channel : null,
    sampleRateHz: row.sample_rate_hz,
  }
}
