import type { Transaction, Updateable } from 'kysely'
import { findCallState, updateCallRow } from '../store/calls.ts'
import type { Tables } from '../store/tables.ts'
import { decideOutcome, type Outcome } from './decide-outcome.ts'

/** What each outcome writes. `is_judged` is 0 where no metric decided, so that a person sees "not evaluated". */
const FIELDS: Record<Outcome, Updateable<Tables['call']> | null> = {
  success: { status: 'success', success: 1, is_judged: 0 },
  failure: { status: 'failure', success: null },
  'judged-success': { status: 'success', success: 1, is_judged: 1 },
  'judged-failure': { status: 'failure', success: 0, is_judged: 1 },
  open: null,
  closed: null,
}

/** The job: decide the outcome of a call, where one can be, and keep it. Part of the caller's transaction. */
export async function evaluateCall(
  trx: Transaction<Tables>,
  { callId, now }: { callId: number; now: number },
): Promise<void> {
  const call = await findCallState(trx, callId)
  if (call === null) return
  const fields = FIELDS[decideOutcome(call)]
  if (fields !== null) await updateCallRow(trx, { id: callId, fields, now })
}
