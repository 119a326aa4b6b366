import type { Transaction } from 'kysely'
import { callSubject, enqueue } from '../queue/job-kinds.ts'
import { recordAudit } from '../store/audit-log.ts'
import { skipCallInRuns } from '../store/bulk-actions.ts'
import {
  type CallIdentity,
  deleteCall as deleteCallRows,
  deletePayloads,
  findCallIdentity,
  updateCall,
} from '../store/calls.ts'
import { deleteComments } from '../store/comments.ts'
import type { Database } from '../store/database.ts'
import { deleteJobsAbout } from '../store/jobs.ts'
import { deleteJudgeAnswers } from '../store/judge-answers.ts'
import type { RecordingFiles } from '../store/recording-files.ts'
import { deleteRecordings, listStorageKeys } from '../store/recordings.ts'
import { blankReviewTexts } from '../store/review-texts.ts'
import { revokeLinksOfCall } from '../store/share-links.ts'
import type { Tables } from '../store/tables.ts'

export type Deletion = {
  id: number
  projectId: number
  actor: string
  now: number
}

type Tools = { database: Database; files: RecordingFiles }

/**
 * Removes a call with its transcript, payloads and recordings. False if there is no such call.
 */
export function deleteCall(tools: Tools, deletion: Deletion): Promise<boolean> {
  const { dialect } = tools.database
  return removeRecordingsAnd(tools, { ...deletion, action: 'delete call' }, ({ trx, call }) =>
    deleteCallRows(trx, dialect, call.id),
  )
}

/**
 * Removes what was said and heard in a call, and what people wrote about it, ends its shared links, and keeps the row
 * with its outcome and metadata (`retain_evaluations=true`, docs/wire.md D13). False if there is no such call.
 */
export function blankCall(tools: Tools, deletion: Deletion): Promise<boolean> {
  const { dialect } = tools.database
  const { now } = deletion
  const blank = async ({ trx, call: { id, status } }: Removal) => {
    await deletePayloads(trx, id)
    await deleteJudgeAnswers(trx, id)
    await deleteComments(trx, id)
    await blankReviewTexts(trx, id)
    await revokeLinksOfCall(trx, { callId: id, now })
    const isEvaluating = status === 'evaluating'
    // Nobody else would ask for the outcome that is still open. The error decides it, so it stays until then.
    if (isEvaluating) await enqueue(trx, { kind: 'evaluate-call', payload: { callId: id }, now })
    await updateCall(trx, dialect, {
      id,
      now,
      fields: {
        transcript_state: 'none',
        recording_state: 'none',
        feedback: '',
        comment_count: 0,
        open_comment_count: 0,
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
  }
  return removeRecordingsAnd(tools, { ...deletion, action: 'blank call' }, blank)
}

type Removal = { trx: Transaction<Tables>; call: CallIdentity }

/**
 * Takes a call's recordings and waiting work away, does the rest in the same transaction, and then removes the files:
 * a crash between leaves files that nothing points at, never a call without its file; `doctor` finds those.
 */
async function removeRecordingsAnd(
  { database, files }: Tools,
  { id, projectId, actor, now, action }: Deletion & { action: string },
  doTheRest: (removal: Removal) => Promise<void>,
): Promise<boolean> {
  const keys = await database.transaction(async (trx) => {
    const call = await findCallIdentity(trx, { id, projectId })
    if (call === null) return null
    const storageKeys = await listStorageKeys(trx, id)
    await deleteRecordings(trx, id)
    await deleteJobsAbout(trx, callSubject(id))
    // Their work went with the jobs: nobody else would tell the reruns that wait for it.
    await skipCallInRuns(trx, { callId: id, now })
    await doTheRest({ trx, call })
    await recordAudit(trx, { now, actor, action, subject: callSubject(id) })
    return storageKeys
  })
  if (keys === null) return false
  for (const key of keys) await files.remove(key)
  return true
}
