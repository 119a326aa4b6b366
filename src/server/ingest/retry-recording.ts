import { enqueue } from '../queue/job-kinds.ts'
import { findCallRecord, updateCallRow } from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import { findNewestFile } from '../store/recordings.ts'

/**
 * Starts a failed recording over: fetches it again if it has an address, else analyses the file again. False if the call does not
 * exist or its recording has not failed.
 */
export async function retryRecording(
  database: Database,
  { id, projectId, now }: { id: number; projectId: number; now: number },
): Promise<boolean> {
  return database.transaction(async (trx) => {
    const call = await findCallRecord(trx, { id, projectId })
    if (call?.recordingState !== 'failed') return false
    if (call.recordingUrl !== null) {
      const fields = { recording_state: 'waiting' as const, error_message: null }
      await updateCallRow(trx, { id, fields, now })
      const payload = { callId: id, url: call.recordingUrl }
      await enqueue(trx, { kind: 'fetch-recording', payload, now })
      return true
    }
    const file = await findNewestFile(trx, id)
    if (file === null) return false
    const fields = { recording_state: 'analysing' as const, error_message: null }
    await updateCallRow(trx, { id, fields, now })
    const payload = { callId: id, recordingId: file.id }
    await enqueue(trx, { kind: 'prepare-recording', payload, now })
    return true
  })
}
