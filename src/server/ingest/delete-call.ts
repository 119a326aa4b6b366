import { callSubject, enqueue } from '../queue/job-kinds.ts'
import { recordAudit } from '../store/audit-log.ts'
import {
  deleteCall as deleteCallRows,
  deletePayloads,
  findCallIdentity,
  updateCall,
} from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import { deleteJobsAbout } from '../store/jobs.ts'
import type { RecordingFiles } from '../store/recording-files.ts'
import { deleteRecordings, listStorageKeys } from '../store/recordings.ts'

export type Deletion = {
  id: number
  projectId: number
  actor: string
  now: number
}

/**
 * Removes a call with its transcript, payloads and recordings. False if there is no such call.
 * The files go after the transaction: a crash between leaves files that nothing points at, never a call
 * without its file; `doctor` finds those.
 */
export async function deleteCall(
  { database, files }: { database: Database; files: RecordingFiles },
  { id, projectId, actor, now }: Deletion,
): Promise<boolean> {
  const keys = await database.transaction(async (trx) => {
    const call = await findCallIdentity(trx, { id, projectId })
    if (call === null) return null
    const storageKeys = await listStorageKeys(trx, id)
    await deleteRecordings(trx, id)
    await deleteJobsAbout(trx, callSubject(id))
    await deleteCallRows(trx, database.dialect, id)
    await recordAudit(trx, { now, actor, action: 'delete call', subject: callSubject(id) })
    return storageKeys
  })
  if (keys === null) return false
  for (const key of keys) await files.remove(key)
  return true
}

/**
 * Removes what was said and heard in a call and keeps the row with its outcome and metadata
 * (`retain_evaluations=true`, docs/wire.md D13). False if there is no such call.
 */
export async function blankCall(
  { database, files }: { database: Database; files: RecordingFiles },
  { id, projectId, actor, now }: Deletion,
): Promise<boolean> {
  const keys = await database.transaction(async (trx) => {
    const call = await findCallIdentity(trx, { id, projectId })
    if (call === null) return null
    const storageKeys = await listStorageKeys(trx, id)
    await deleteRecordings(trx, id)
    await deleteJobsAbout(trx, callSubject(id))
    await deletePayloads(trx, id)
    const isEvaluating = call.status === 'evaluating'
    // Nobody else would ask for the outcome that is still open. The error decides it, so it stays until then.
    if (isEvaluating) await enqueue(trx, { kind: 'evaluate-call', payload: { callId: id }, now })
    await updateCall(trx, database.dialect, {
      id,
      now,
      fields: {
        transcript_state: 'none',
        recording_state: 'none',
        ...(!isEvaluating && { error_message: null }),
      },
      content: {
        segments: '[]',
        warnings: '[]',
        transcript_text: '',
        transcript_type: null,
        speaker_rule: null,
        recording_url: null,
      },
    })
    await recordAudit(trx, { now, actor, action: 'blank call', subject: callSubject(id) })
    return storageKeys
  })
  if (keys === null) return false
  for (const key of keys) await files.remove(key)
  return true
}
