import { z } from 'zod'
import { MAX_NOTE_LENGTH } from './review.ts'

const Text = z.string().trim().min(1).max(MAX_NOTE_LENGTH)

/** What someone wrote at a second or a segment of a call, or in reply to that. */
export const CallComment = z.object({
  id: z.int(),
  callId: z.int(),
  /** The comment that this one answers; replies are not answered themselves. */
  parentId: z.int().nullable(),
  author: z.string(),
  /** Written by who asks, who alone may edit it. */
  isOwn: z.boolean(),
  text: z.string(),
  /** Seconds from the start of the recording; null where it is about the whole call. Replies have none of their own. */
  atSeconds: z.number().nullable(),
  /** Place in the transcript's segments; null where it is pinned to a second, or to nothing. */
  segmentIndex: z.int().nullable(),
  isResolved: z.boolean(),
  resolvedBy: z.string(),
  createdAt: z.string(),
  /** Equal to `createdAt` until it is edited. */
  updatedAt: z.string(),
})
export type CallComment = z.infer<typeof CallComment>

export const CallCommentInput = z.object({
  text: Text,
  parentId: z.int().positive().nullable().default(null),
  atSeconds: z.number().min(0).max(1_000_000).nullable().default(null),
  segmentIndex: z.int().min(0).nullable().default(null),
})
export type CallCommentInput = z.infer<typeof CallCommentInput>

/** Only its author changes the text; anyone may resolve a thread and open it again. */
export const CallCommentChange = z
  .object({ text: Text, isResolved: z.boolean() })
  .partial()
  .refine((change) => Object.keys(change).length > 0, { error: 'expected text or isResolved' })
export type CallCommentChange = z.infer<typeof CallCommentChange>

/** A call can hold this many, replies included. */
export const MAX_COMMENTS = 1000
