import type { Transaction } from 'kysely'
import { endCallOfRun } from '../store/bulk-actions.ts'
import { type CallState, findCallState, updateCallRow } from '../store/calls.ts'
import type { Tables } from '../store/tables.ts'
import { decideOutcome, OUTCOME_FIELDS } from './decide-outcome.ts'
import { withGivenUp, withoutGivenUp } from './given-up-message.ts'
import { isBeingJudged } from './is-being-judged.ts'

type GivenUp = {
  payload: { callId: number; runId?: number | undefined }
  message: string
  now: number
}

/**
 * Judging a call broke for good: it waits no longer, and the run that asked knows. A call that was decided before is
 * decided again by what is known; one that never was has failed.
 */
export async function giveUpCall(
  trx: Transaction<Tables>,
  { payload: { callId, runId }, message, now }: GivenUp,
): Promise<void> {
  const call = await findCallState(trx, callId)
  const asked = { callId, exceptRunId: runId ?? null, now }
  if (call !== null && !call.isReviewed && !(await isBeingJudged(trx, asked))) {
    const wasGivenUp = withoutGivenUp(call.errorMessage) !== call.errorMessage
    const wasDecided = call.judgeSuccess !== null || (runId !== undefined && !wasGivenUp)
    const fields = wasDecided ? decidedFields(call) : failedFields(call, message)
    if (fields !== null) await updateCallRow(trx, { id: callId, fields, now })
  }
  if (runId === undefined) return
  const ended = { id: runId, callId, outcome: 'failed', errorMessage: message } as const
  await endCallOfRun(trx, { ...ended, now })
}

function decidedFields(call: CallState) {
  return OUTCOME_FIELDS[decideOutcome(call)]
}

function failedFields({ errorMessage }: CallState, message: string) {
  const error_message = withGivenUp(errorMessage, message)
  return { status: 'failure', success: null, error_message } as const
}
