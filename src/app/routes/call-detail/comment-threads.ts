import type { CallComment } from '#contract/comment.ts'
import { formatDuration } from '../../format/duration.ts'

/** What a comment is about; both null for the whole call. */
export type CommentPlace = { atSeconds: number | null; segmentIndex: number | null }

export const WHOLE_CALL: CommentPlace = { atSeconds: null, segmentIndex: null }

export type Thread = CallComment & { replies: readonly CallComment[] }

/** Each thread with its replies, both in the order of `comments`. */
export function toThreads(comments: readonly CallComment[]): Thread[] {
  const replies = Map.groupBy(comments, ({ parentId }) => parentId)
  return (replies.get(null) ?? []).map((comment) => ({
    ...comment,
    replies: replies.get(comment.id) ?? [],
  }))
}

/** `0:12`, `Segment 4` where there is no time, `Whole call`. */
export function placeText({ atSeconds, segmentIndex }: CommentPlace): string {
  if (atSeconds !== null) return formatDuration(atSeconds)
  return segmentIndex === null ? 'Whole call' : `Segment ${segmentIndex + 1}`
}
