import type { QueueItem } from '#contract/review-queue.ts'
import type { CallRun } from './neighbours.ts'

/** What is known of a queue's order around a call; without the call it is still to come. */
export function runOfQueue(
  item: Pick<QueueItem, 'callId' | 'previousCallId' | 'nextCallId'> | null,
): CallRun {
  if (item === null) return { rows: [], isGrowing: true }
  const ids = [item.previousCallId, item.callId, item.nextCallId].filter((id) => id !== null)
  return { rows: ids.map((id) => ({ id })), isGrowing: false }
}
