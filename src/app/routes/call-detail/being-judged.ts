import type { CallSummary } from '#contract/call.ts'

/** Whether results are on their way. A call without its words waits for them, not for a judge. */
export function isBeingJudged({
  status,
  transcriptState,
}: Pick<CallSummary, 'status' | 'transcriptState'>): boolean {
  return status === 'evaluating' && transcriptState !== 'needs-transcription'
}
