import type { CallState } from '../store/calls.ts'

/**
 * `judged-success` and `judged-failure`: as results decided that were recorded with the call.
 * `open`: nothing can be said yet. `closed`: a person's verdict stands, whatever else is known.
 */
export type Outcome =
  | 'success'
  | 'failure'
  | 'judged-success'
  | 'judged-failure'
  | 'open'
  | 'closed'

/**
 * What becomes of a call in this state. No metric is defined yet, so no rule can fail a call that took place: on
 * the wire that is a success (docs/wire.md D28).
 */
export function decideOutcome(call: CallState): Outcome {
  if (call.isReviewed) return 'closed'
  if (call.judgeSuccess !== null) return call.judgeSuccess ? 'judged-success' : 'judged-failure'
  if (call.transcriptState === 'needs-transcription') {
    // Only a call whose recording is lost for good can never be transcribed: a processing error (docs/wire.md A5).
    return call.recordingState === 'failed' ? 'failure' : 'open'
  }
  const neverTookPlace = call.transcriptState === 'none' && call.errorMessage !== null
  return neverTookPlace ? 'failure' : 'success'
}
