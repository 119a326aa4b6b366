import type { Updateable } from 'kysely'
import type { CallState } from '../store/calls.ts'
import type { Tables } from '../store/tables.ts'

/**
 * `judged-success` and `judged-failure`: as the rubric decided by the call's results.
 * `open`: nothing can be said yet. `closed`: a person's verdict stands, whatever else is known.
 */
export type Outcome =
  | 'success'
  | 'failure'
  | 'judged-success'
  | 'judged-failure'
  | 'open'
  | 'closed'

/** What each outcome writes. */
export const OUTCOME_FIELDS: Record<Outcome, Updateable<Tables['call']> | null> = {
  success: { status: 'success', success: 1 },
  failure: { status: 'failure', success: null },
  'judged-success': { status: 'success', success: 1 },
  'judged-failure': { status: 'failure', success: 0 },
  open: null,
  closed: null,
}

type DecidingState = Pick<
  CallState,
  'isReviewed' | 'judgeSuccess' | 'transcriptState' | 'recordingState' | 'errorMessage'
>

/**
 * What becomes of a call in this state. Where no rule decided, a call that took place is a success on the wire and
 * "not evaluated" on the page (docs/wire.md D28).
 */
export function decideOutcome(call: DecidingState): Outcome {
  if (call.isReviewed) return 'closed'
  if (call.judgeSuccess !== null) return call.judgeSuccess ? 'judged-success' : 'judged-failure'
  if (call.transcriptState === 'needs-transcription') {
    // Only a call whose recording is lost for good can never be transcribed: a processing error (docs/wire.md A5).
    return call.recordingState === 'failed' ? 'failure' : 'open'
  }
  const neverTookPlace = call.transcriptState === 'none' && call.errorMessage !== null
  return neverTookPlace ? 'failure' : 'success'
}
