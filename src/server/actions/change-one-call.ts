import type { Transaction } from 'kysely'
import type { BulkWork } from '#contract/bulk-action.ts'
import { enqueue, enqueueUnlessWaiting } from '../queue/job-kinds.ts'
import type { BulkActionRecord, CallChange } from '../store/bulk-actions.ts'
import type { CallStanding } from '../store/call-standings.ts'
import { updateCallRow } from '../store/calls.ts'
import { recordReview, restoreReview } from '../store/reviews.ts'
import type { Tables } from '../store/tables.ts'
import { changeTags } from '../store/tags.ts'

/** `undo`: how to take it back; null for what cannot be. */
export type CallOutcome = { kind: 'skipped' } | { kind: 'changed'; undo: CallChange | null }

const SKIPPED: CallOutcome = { kind: 'skipped' }

type Step = { action: BulkActionRecord; call: CallStanding; now: number }

/** Does an action's work on one call. Skipped: the call needs no change, or can take none. */
export async function changeOneCall(
  trx: Transaction<Tables>,
  { action, call, now }: Step,
): Promise<CallOutcome> {
  const { work } = action
  switch (work.kind) {
    case 'tag': {
      const change = await changeTags(trx, { callId: call.id, add: work.tags, remove: [], now })
      if (change === null || change.added.length === 0) return SKIPPED
      return { kind: 'changed', undo: { kind: 'added-tags', tags: change.added } }
    }
    case 'untag': {
      const change = await changeTags(trx, { callId: call.id, add: [], remove: work.tags, now })
      if (change === null || change.taken.length === 0) return SKIPPED
      return { kind: 'changed', undo: { kind: 'took-tags', tags: change.taken } }
    }
    case 'review': {
      const success = reviewFor(work, call)
      if (success === null) return SKIPPED
      const reviewer = action.startedBy
      await recordReview(trx, { callId: call.id, success, reviewer, now, bulkActionId: action.id })
      return { kind: 'changed', undo: { kind: 'review' } }
    }
    case 'rerun':
      await evaluateAgain(trx, { action, call, now })
      return { kind: 'changed', undo: null }
    default:
      return work satisfies never
  }
}

/** Null: leave the call as it is, because it stands so already or because nothing was judged that could be taken over. */
function reviewFor(
  { verdict }: Extract<BulkWork, { kind: 'review' }>,
  { isReviewed, isJudged, success }: CallStanding,
): boolean | null {
  if (verdict === 'as-judged') return isReviewed || !isJudged ? null : success
  const wanted = verdict === 'success'
  return isReviewed && success === wanted ? null : wanted
}

/** A person's verdict stands while the judge works; all else is open again. */
async function evaluateAgain(trx: Transaction<Tables>, { action, call, now }: Step): Promise<void> {
  if (!call.isReviewed) {
    const fields = { status: 'evaluating', success: null } as const
    await updateCallRow(trx, { id: call.id, fields, now })
  }
  const payload = { callId: call.id, runId: action.id }
  await enqueue(trx, { kind: 'evaluate-call', payload, now })
}

/** Takes back what an action changed on one call, as far as nobody changed it again since. */
export async function restoreOneCall(
  trx: Transaction<Tables>,
  { action, call, change, now }: Step & { change: CallChange },
): Promise<void> {
  const callId = call.id
  switch (change.kind) {
    case 'added-tags':
      await changeTags(trx, { callId, add: [], remove: change.tags, now })
      return
    case 'took-tags':
      // Null where other tags took their place: then the call has as many as it can.
      await changeTags(trx, { callId, add: change.tags, remove: [], now })
      return
    case 'review': {
      const reviewer = action.startedBy
      const by = { callId, reviewer, now, bulkActionId: action.id }
      if ((await restoreReview(trx, by)) !== 'outdated') return
      await enqueueUnlessWaiting(trx, { kind: 'evaluate-call', payload: { callId }, now })
      return
    }
    default:
      change satisfies never
  }
}
