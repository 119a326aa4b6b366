import { z } from 'zod'
import { CallSelection } from './call.ts'
import { MAX_TAGS_AT_ONCE, Tag } from './tag.ts'

/**
 * What can be done to many calls at once. `review`: set a person's verdict; `as-judged` keeps the judge's and leaves out
 * calls that nothing judged. `tag` and `untag`: add or take tags. `rerun`: judge again; done when the last call is judged.
 */
export const BulkWork = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('review'), verdict: z.enum(['as-judged', 'success', 'failure']) }),
  z.object({ kind: z.literal('tag'), tags: z.array(Tag).min(1).max(MAX_TAGS_AT_ONCE) }),
  z.object({ kind: z.literal('untag'), tags: z.array(Tag).min(1).max(MAX_TAGS_AT_ONCE) }),
  z.object({
    kind: z.literal('rerun'),
    /** Absent: every metric that is on. */
    metricIds: z.array(z.int().positive()).min(1).max(200).optional(),
  }),
])
export type BulkWork = z.infer<typeof BulkWork>

/** Which calls: the named ones, or all that match when the action starts. */
export const BulkTarget = z.union([
  z.object({ ids: z.array(z.int().positive()).min(1).max(1000) }),
  z.object({ matching: CallSelection }),
])
export type BulkTarget = z.infer<typeof BulkTarget>

export const BulkActionInput = z.object({ work: BulkWork, target: BulkTarget })
export type BulkActionInput = z.infer<typeof BulkActionInput>

/** `undone`: everything it changed is as it was, except what was changed again since. */
export const BulkState = z.enum(['running', 'done', 'cancelled', 'failed', 'undoing', 'undone'])
export type BulkState = z.infer<typeof BulkState>

/** A durable job over many calls, with its progress. */
export const BulkAction = z.object({
  id: z.int(),
  work: BulkWork,
  state: BulkState,
  /** How many calls it is about; fixed when it starts. */
  totalCount: z.int(),
  doneCount: z.int(),
  /** Of `doneCount`: calls that needed no change, or could take none. */
  skippedCount: z.int(),
  /** Of `doneCount`: calls on which a metric broke, or that could not be judged. */
  failedCount: z.int(),
  /** What the judge took so far; 0 of actions that do not judge. `costUsd` is null where no price is known. */
  inputTokens: z.int(),
  outputTokens: z.int(),
  costUsd: z.number().nullable(),
  canUndo: z.boolean(),
  errorMessage: z.string().nullable(),
  startedBy: z.string(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
})
export type BulkAction = z.infer<typeof BulkAction>
