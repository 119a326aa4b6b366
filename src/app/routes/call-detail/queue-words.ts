import type { QueueItem, ReviewQueue } from '#contract/review-queue.ts'

/** Why a call is in the queue; null while that would give away what the judge said. */
export function blindReason({
  item,
  hidesJudge,
}: {
  item: Pick<QueueItem, 'reason'>
  hidesJudge: boolean
}): string | null {
  return hidesJudge || item.reason === '' ? null : item.reason
}

/** Why a call cannot be answered by the one who looks at it. */
export function heldText({
  item,
  queue,
}: {
  item: Pick<QueueItem, 'lockedBy'>
  queue: Pick<ReviewQueue, 'assignee'>
}): string {
  if (item.lockedBy !== '') return `${item.lockedBy} has this call open. You can read it.`
  return `Assigned to ${queue.assignee}. You can read it.`
}
