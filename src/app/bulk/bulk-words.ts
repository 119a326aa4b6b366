import type { BulkAction, BulkWork } from '#contract/bulk-action.ts'
import { countOf, formatCount } from '../format/count.ts'

/** What will be done, with the number of calls: for the button that does it and the question before it. */
export function proposeWork(work: BulkWork, count: number): string {
  const calls = countOf(count, 'call')
  switch (work.kind) {
    case 'review':
      return work.verdict === 'as-judged'
        ? `Mark ${calls} as reviewed`
        : `Mark ${calls} as reviewed: ${work.verdict}`
    case 'tag':
      return `Tag ${calls}`
    case 'untag':
      return `Take ${tagWord(work)} from ${calls}`
    case 'rerun':
      return `Evaluate ${calls} again`
    default:
      return work satisfies never
  }
}

/** What it means, for a person who is asked whether they want it. */
export function explainWork(work: BulkWork): string {
  switch (work.kind) {
    case 'review':
      return work.verdict === 'as-judged'
        ? 'Each call keeps the verdict it has, as a person’s. Calls that nothing judged, and those that are reviewed already, are left out.'
        : `Each call gets the verdict “${work.verdict}” from you, whatever it had before. It outlives later evaluations.`
    case 'tag':
      return `Adds ${quoted(work.tags)}. Calls that have it already stay as they are.`
    case 'untag':
      return `Takes ${quoted(work.tags)} away. Calls without it stay as they are.`
    case 'rerun':
      return 'Results are computed anew, which may ask the judge and cost money. Older results stay in the history, and a person’s verdict stays. This cannot be undone.'
    default:
      return work satisfies never
  }
}

/** A heading for an action in a list: what it does, without numbers. */
export function nameWork(work: BulkWork): string {
  switch (work.kind) {
    case 'review':
      return work.verdict === 'as-judged' ? 'Mark reviewed' : `Mark reviewed: ${work.verdict}`
    case 'tag':
      return `Tag ${quoted(work.tags)}`
    case 'untag':
      return `Remove ${tagWord(work)} ${quoted(work.tags)}`
    case 'rerun':
      return 'Evaluate again'
    default:
      return work satisfies never
  }
}

/** How far it is: `312 of 1,000`. Undoing counts up too. */
export function tellProgress({ state, doneCount, totalCount }: BulkAction): string {
  const count = state === 'undoing' ? totalCount - doneCount : doneCount
  return `${formatCount(count)} of ${formatCount(totalCount)}`
}

/** How an action ended; while it goes on, how far it is. */
export function tellOutcome(action: BulkAction): string {
  switch (action.state) {
    case 'running':
      return tellProgress(action)
    case 'undoing':
      return `Undoing: ${tellProgress(action)}`
    case 'done':
      return tellChanges(action)
    case 'cancelled':
      return `Stopped after ${tellProgress(action)}: ${tellChanges(action)}`
    case 'failed':
      return `Failed after ${tellProgress(action)}: ${action.errorMessage ?? 'unknown fault'}`
    case 'undone':
      return 'Undone: the calls are as they were'
    default:
      return action.state satisfies never
  }
}

/** `1,204 reviewed, 31 left out: nothing judged them, or they were reviewed already`. */
function tellChanges({ work, doneCount, skippedCount, failedCount }: BulkAction): string {
  const parts = [`${formatCount(doneCount - skippedCount - failedCount)} ${PAST[work.kind]}`]
  if (failedCount > 0) parts.push(`${formatCount(failedCount)} failed`)
  if (skippedCount > 0) {
    parts.push(`${formatCount(skippedCount)} left out: ${whyLeftOut(work)}`)
  }
  return parts.join(', ')
}

const PAST: Record<BulkWork['kind'], string> = {
  review: 'reviewed',
  tag: 'tagged',
  untag: 'without the tag now',
  rerun: 'judged again',
}

/** The server leaves out what needs no change, what can take none, and what was deleted meanwhile. */
function whyLeftOut(work: BulkWork): string {
  switch (work.kind) {
    case 'review':
      return work.verdict === 'as-judged'
        ? 'nothing judged them, or they were reviewed already'
        : 'they had this verdict already'
    case 'tag':
      return 'they had it already, or have no room for more tags'
    case 'untag':
      return 'they did not have it'
    case 'rerun':
      return 'they are gone'
    default:
      return work satisfies never
  }
}

function tagWord({ tags }: { tags: readonly string[] }): string {
  return tags.length === 1 ? 'the tag' : 'the tags'
}

function quoted(tags: readonly string[]): string {
  return tags.map((tag) => `“${tag}”`).join(', ')
}
