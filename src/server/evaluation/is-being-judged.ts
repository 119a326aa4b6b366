import type { Transaction } from 'kysely'
import { callSubject, subjectOf } from '../queue/job-kinds.ts'
import { listOpenRunsOfCall } from '../store/bulk-actions.ts'
import { listSubjectsAtWork } from '../store/jobs.ts'
import type { Tables } from '../store/tables.ts'

/**
 * True while a judge or a script is still to speak about a call, on its arrival or for a rerun that goes on: whoever
 * comes to the end of that decides the call. `exceptRunId`: the rerun that asks.
 */
export async function isBeingJudged(
  trx: Transaction<Tables>,
  { callId, exceptRunId, now }: { callId: number; exceptRunId: number | null; now: number },
): Promise<boolean> {
  const runIds = await listOpenRunsOfCall(trx, callId)
  const ofRuns = runIds
    .filter((runId) => runId !== exceptRunId)
    .map((runId) => subjectOf({ callId, runId }))
  const subjects = [callSubject(callId), ...ofRuns]
  if ((await listSubjectsAtWork(trx, { kind: 'judge-call', subjects })).size > 0) return true
  const evaluated = await listSubjectsAtWork(trx, {
    kind: 'evaluate-call',
    subjects: ofRuns,
    dueBy: now,
  })
  return evaluated.size > 0
}
