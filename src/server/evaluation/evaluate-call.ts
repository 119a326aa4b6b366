import type { Transaction } from 'kysely'
import { enqueue, type JobPayloads } from '../queue/job-kinds.ts'
import { endCallOfRun, findBulkAction, isCallOfRunOpen } from '../store/bulk-actions.ts'
import { findEvaluationInput } from '../store/evaluation-input.ts'
import type { Tables } from '../store/tables.ts'
import { recordVerdicts } from '../store/verdicts.ts'
import { finishCall } from './finish-call.ts'
import { planEvaluation, type RunScope } from './plan-evaluation.ts'

export type EvaluateTools = {
  /** A judge is configured. Without one its metrics stay without a result. */
  hasJudge: boolean
}

type Request = { payload: JobPayloads['evaluate-call']; now: number }

/**
 * The job: computes what transcript and sound alone tell of a call. Where a judge or a script must speak too, it is
 * asked for in the same transaction and the call stays open; else the outcome is decided here. Part of the caller's
 * transaction. On arrival and after a change only what is new is found out; a rerun finds out everything again.
 */
export async function evaluateCall(
  trx: Transaction<Tables>,
  { hasJudge }: EvaluateTools,
  { payload: { callId, runId }, now }: Request,
): Promise<void> {
  const run = runId === undefined ? null : await findRun(trx, { runId, callId })
  // It was opened to be judged: what is known decides it again.
  if (run === 'closed') return finishCall(trx, { callId, run: null, now })
  const call = await findEvaluationInput(trx, callId)
  if (call === null) {
    if (run !== null) await endWithout(trx, { runId: run.id, callId, now })
    return
  }
  const work = await planEvaluation(trx, { call, run, hasJudge })
  await recordVerdicts(trx, { callId, verdicts: work.verdicts, now })
  if (work.pending.length > 0) {
    const metricIds = work.pending.map(({ id }) => id)
    const told = { callId, metricIds, ...(run && { runId: run.id }) }
    await enqueue(trx, { kind: 'judge-call', payload: told, now })
    return
  }
  await finishCall(trx, { callId, run: run && { id: run.id, failure: null }, now })
}

/** `closed`: the run was cancelled, or has this call behind it. */
export async function findRun(
  trx: Transaction<Tables>,
  { runId, callId }: { runId: number; callId: number },
): Promise<RunScope | 'closed'> {
  const isOpen = await isCallOfRunOpen(trx, { id: runId, callId })
  const action = isOpen ? await findBulkAction(trx, { id: runId, projectId: null }) : null
  if (action?.work.kind !== 'rerun') return 'closed'
  return { id: runId, wanted: action.work.metricIds ?? null }
}

/** A call that was deleted meanwhile. */
export function endWithout(
  trx: Transaction<Tables>,
  { runId, callId, now }: { runId: number; callId: number; now: number },
): Promise<void> {
  return endCallOfRun(trx, { id: runId, callId, outcome: 'skipped', errorMessage: null, now })
}
