import type { Thread } from './comment-threads.ts'

/** Which form: the reply to a thread, or the editor of a comment. */
export type DraftKey = `${'reply' | 'edit'}-${number}`

/** What stands in a form. A closed one keeps it for the next time. */
export type Draft = { text: string; isOpen: boolean }

export type Drafts = ReadonlyMap<DraftKey, Draft>

/** Null takes the draft away. */
export function withDraft(drafts: Drafts, key: DraftKey, draft: Draft | null): Drafts {
  const next = new Map(drafts)
  if (draft) next.set(key, draft)
  else next.delete(key)
  return next
}

/** Without those that were resolved, unless somebody writes in them right now. */
export function unresolvedThreads(threads: readonly Thread[], drafts: Drafts): Thread[] {
  return threads.filter((thread) => !thread.isResolved || hasOpenForm(thread, drafts))
}

function hasOpenForm({ id, replies }: Thread, drafts: Drafts): boolean {
  const keys: DraftKey[] = [`reply-${id}`, `edit-${id}`, ...replies.map(toEditKey)]
  return keys.some((key) => drafts.get(key)?.isOpen)
}

function toEditKey({ id }: { id: number }): DraftKey {
  return `edit-${id}`
}
