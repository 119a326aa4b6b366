import { z } from 'zod'
import { CallSelection } from './call.ts'

/** Calls of one queue at most: what a team can hear. */
export const MAX_QUEUE_CALLS = 5000

/** How long a call stays with the one who has it open without a sign of life, in seconds. */
export const QUEUE_LOCK_SECONDS = 120

export const QueueInput = z.object({
  name: z.string().trim().min(1).max(120),
  selection: CallSelection,
  /** Why these calls are looked at, shown with each; the filter in words where it is empty. */
  reason: z.string().trim().max(500).default(''),
  /** Hides what the judge said of a call until the reviewer has answered. */
  isBlind: z.boolean().default(false),
  /** Takes this many at random of those that match; null for all, up to `MAX_QUEUE_CALLS`. */
  sampleCount: z.int().min(1).max(MAX_QUEUE_CALLS).nullable().default(null),
  /** Adds this many at random of the calls that do not match, to see what the filter misses; they do not say so. */
  controlCount: z.int().min(0).max(500).default(0),
  /** Only this reviewer is given calls; empty for everyone. */
  assignee: z.string().trim().max(100).default(''),
})
export type QueueInput = z.infer<typeof QueueInput>

/** A list of calls to be reviewed, fixed when it was made. The counts come from one query and add up. */
export const ReviewQueue = z.object({
  id: z.int(),
  name: z.string(),
  reason: z.string(),
  isBlind: z.boolean(),
  assignee: z.string(),
  totalCount: z.int(),
  doneCount: z.int(),
  /** Of those left: open with somebody right now. */
  lockedCount: z.int(),
  /** Of those left: put off by somebody, to come again at the end. */
  skippedCount: z.int(),
  createdBy: z.string(),
  createdAt: z.string(),
})
export type ReviewQueue = z.infer<typeof ReviewQueue>

/** A call of a queue as its reviewer has it. */
export const QueueItem = z.object({
  queueId: z.int(),
  callId: z.int(),
  /** From 1. */
  position: z.int(),
  reason: z.string(),
  isDone: z.boolean(),
  /** Who has it open; empty for nobody. */
  lockedBy: z.string(),
  /** False: another reviewer has it open, or the queue is somebody else's, so it can be read but not answered. */
  isMine: z.boolean(),
  /** The calls before and after in the queue's order; null at its ends. */
  previousCallId: z.int().nullable(),
  nextCallId: z.int().nullable(),
  /** What would be given out after this one as things stand; null if nothing. */
  upcomingCallId: z.int().nullable(),
})
export type QueueItem = z.infer<typeof QueueItem>

/** How the work on a queue came out, of the calls that are done. */
export const QueueSummary = z.object({
  doneCount: z.int(),
  successCount: z.int(),
  failureCount: z.int(),
  /** Seconds for which the calls were open before they were done. */
  spentSeconds: z.number(),
})
export type QueueSummary = z.infer<typeof QueueSummary>
