import type { Transaction } from 'kysely'
import { subjectOf } from '../queue/job-kinds.ts'
import { type BulkActionRecord, endCallOfRun, listOpenCallsOfRun } from '../store/bulk-actions.ts'
import { listCallStandings } from '../store/call-standings.ts'
import { listSubjectsAtWork } from '../store/jobs.ts'
import type { Tables } from '../store/tables.ts'
import { changeOneCall } from './change-one-call.ts'

type Step = { action: BulkActionRecord; callIds: readonly number[]; now: number }

/**
 * Asks for some calls of a rerun to be judged, each once however often it is handed out: those that ended, and those
 * whose work waits or runs, are left alone. Deleted ones end here. Each call counts as done once it is judged.
 */
export async function handOutCalls(
  trx: Transaction<Tables>,
  { action, callIds, now }: Step,
): Promise<void> {
  const { id, projectId } = action
  const open = await listOpenCallsOfRun(trx, { id, callIds })
  const standings = await listCallStandings(trx, { ids: open, projectId })
  const calls = new Map(standings.map((call) => [call.id, call]))
  const underWay = await listUnderWay(trx, { runId: id, callIds: open, now })
  for (const callId of open) {
    const call = calls.get(callId)
    if (!call) await endCallOfRun(trx, { id, callId, ...DELETED, now })
    else if (!underWay.has(callId)) await changeOneCall(trx, { action, call, now })
  }
}

const DELETED = { outcome: 'skipped', errorMessage: null } as const

/** Work that was put off, as before the calls of the run were settled, is none: it has to be asked for again. */
async function listUnderWay(
  trx: Transaction<Tables>,
  { runId, callIds, now }: { runId: number; callIds: readonly number[]; now: number },
): Promise<Set<number>> {
  const bySubject = new Map(callIds.map((callId) => [subjectOf({ callId, runId }), callId]))
  const subjects = [...bySubject.keys()]
  const evaluated = await listSubjectsAtWork(trx, { kind: 'evaluate-call', subjects, dueBy: now })
  const judged = await listSubjectsAtWork(trx, { kind: 'judge-call', subjects })
  const found = [...evaluated, ...judged].map((subject) => bySubject.get(subject))
  return new Set(found.filter((callId) => callId !== undefined))
}
