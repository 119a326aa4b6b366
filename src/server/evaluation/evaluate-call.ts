import { findCallState, updateCallRow } from '../store/calls.ts'
import type { Connection, Database } from '../store/database.ts'

/**
 * Decides the outcome of a call. No metric is defined yet, so no rule can fail it: on the wire that is a
 * success (gaps D28), and `is_judged` stays false so that a person sees "not evaluated".
 * A call that waits for its transcription stays `evaluating`; a person's verdict is never overwritten.
 */
export async function evaluateCall(
  database: Database,
  { callId, now }: { callId: number; now: number },
): Promise<void> {
  await database.transaction(async (trx) => {
    const call = await findCallState(trx, callId)
    if (call === null || call.isReviewed) return
    if (call.transcriptState === 'needs-transcription') {
      await settleWithoutTranscript(trx, { id: callId, recordingState: call.recordingState, now })
      return
    }
    if (call.transcriptState === 'none' && call.errorMessage !== null) {
      await updateCallRow(trx, { id: callId, fields: { status: 'failure', success: null }, now })
      return
    }
    await updateCallRow(trx, {
      id: callId,
      fields: { status: 'success', success: 1, is_judged: 0 },
      now,
    })
  })
}

/** Only a call whose recording is lost for good can never be transcribed: that is a processing error (gaps A5). */
async function settleWithoutTranscript(
  db: Connection,
  { id, recordingState, now }: { id: number; recordingState: string; now: number },
): Promise<void> {
  if (recordingState !== 'failed') return
  await updateCallRow(db, { id, fields: { status: 'failure', success: null }, now })
}
