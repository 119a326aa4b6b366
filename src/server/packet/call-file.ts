import type { CallDetail } from '#contract/call.ts'
import type { CallComment } from '#contract/comment.ts'
import type { Verdict } from '#contract/metric-result.ts'
import type { CallReview } from '#contract/review.ts'
import type { RubricOutcome } from '#contract/rubric.ts'

/** A comment for whoever reads the file; whose own it is, is nobody's business there. */
export type FileComment = Omit<CallComment, 'isOwn'>

/**
 * Everything that is known of one call but its sound: what `/api/calls/:id/call.json` answers. Not where the sender has
 * the recording: who has such an address may often read there without a key.
 */
export type CallFile = Omit<CallDetail, 'recordingUrl'> & {
  /** In the order of the metrics. */
  verdicts: Verdict[]
  /** Null while nothing was decided. */
  rubric: RubricOutcome | null
  review: CallReview
  /** Threads by second, each followed by its replies. */
  comments: FileComment[]
}
