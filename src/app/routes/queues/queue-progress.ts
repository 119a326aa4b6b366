import type { ReviewQueue } from '#contract/review-queue.ts'
import { countOf } from '../../format/count.ts'

type Counts = Pick<ReviewQueue, 'totalCount' | 'doneCount' | 'lockedCount' | 'skippedCount'>

/** Only when every call is done: what somebody has open, or put off, is still to come. */
export function isFinished({ totalCount, doneCount }: Counts): boolean {
  return doneCount >= totalCount
}

/** 0 to 1; a queue whose calls were all deleted has nothing left to do. */
export function progressOf({ totalCount, doneCount }: Counts): number {
  return totalCount === 0 ? 1 : doneCount / totalCount
}

/** “12 of 40 done · 2 open · 1 put off”. */
export function progressText(counts: Counts): string {
  const { totalCount, doneCount, lockedCount, skippedCount } = counts
  return [
    `${doneCount} of ${totalCount} done`,
    ...(lockedCount > 0 ? [`${lockedCount} open`] : []),
    ...(skippedCount > 0 ? [`${skippedCount} put off`] : []),
  ].join(' · ')
}

/** Why nothing is given out, in the words of the page that ends a queue. */
export function endText(queue: Counts & Pick<ReviewQueue, 'assignee'>): string {
  if (queue.totalCount === 0) return 'All of its calls were deleted.'
  if (isFinished(queue)) return 'Every call of this queue is done.'
  const left = countOf(queue.totalCount - queue.doneCount, 'call')
  if (queue.lockedCount >= queue.totalCount - queue.doneCount) {
    return `${left} left, open with somebody else right now. They come back here if they are not finished.`
  }
  return `${left} left, for ${queue.assignee || 'somebody else'}.`
}

/** How a queue stands for somebody to whom no call is given out. */
export function readerText(queue: Counts & Pick<ReviewQueue, 'assignee'>): string {
  if (isFinished(queue)) return endText(queue)
  const left = countOf(queue.totalCount - queue.doneCount, 'call')
  return `${left} left. You have read-only access, so none is given to you to review.`
}

/** `45 s`, `12 min`, `2 h 5 min`: how long people were at it. */
export function spentText(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
