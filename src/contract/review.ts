import { z } from 'zod'
import { CallStatus } from './call.ts'

/** What a person decides about a call. `none`: that nobody has, so that the judge's outcome stands again. */
export const ReviewDecision = z.enum(['success', 'failure', 'none'])
export type ReviewDecision = z.infer<typeof ReviewDecision>

/** What a metric should have said: true or false, a number, or one of its labels, as its `evalType` asks. */
export const ExpectedValue = z.union([z.boolean(), z.number(), z.string().max(200)])
export type ExpectedValue = z.infer<typeof ExpectedValue>

/** Longest text of a person: feedback, note, comment. */
export const MAX_NOTE_LENGTH = 10_000

const Note = z.string().max(MAX_NOTE_LENGTH)

/**
 * What one reviewer says of one metric's result on a call: each has one vote for each metric, so nobody overwrites
 * another's. The newest vote of a call and metric is the one that counts.
 */
export const MetricVote = z.object({
  /** Of the event that set it. */
  eventId: z.int(),
  metricId: z.int(),
  /** The result that was voted on; null where there was none. */
  verdictId: z.int().nullable(),
  reviewer: z.string(),
  /** Null: no opinion, only an expected value or a note. */
  agrees: z.boolean().nullable(),
  expectedValue: ExpectedValue.nullable(),
  note: z.string(),
  createdAt: z.string(),
})
export type MetricVote = z.infer<typeof MetricVote>

export const MetricVoteInput = z.object({
  agrees: z.boolean().nullable(),
  expectedValue: ExpectedValue.nullable().default(null),
  note: Note.default(''),
})
export type MetricVoteInput = z.infer<typeof MetricVoteInput>

/** That a deviation which the judge put into a category is none, as a person says. Source: Cekura API, `wrongly_marked`. */
export const CategoryMark = z.object({
  categoryId: z.int(),
  feedback: z.string(),
  reviewer: z.string(),
  createdAt: z.string(),
})
export type CategoryMark = z.infer<typeof CategoryMark>

/** One thing a person did to a call; never changed afterwards. `undo` takes back an earlier one. */
export const ReviewEvent = z.object({
  id: z.int(),
  kind: z.enum(['status', 'feedback', 'vote', 'category', 'undo']),
  reviewer: z.string(),
  createdAt: z.string(),
  /** Of a vote. */
  metricId: z.int().nullable(),
  /** In a few words: `Reviewed as failure`, `Disagrees with Politeness: should be no`. */
  text: z.string(),
  /** False once it was undone, or something newer stands in its place. */
  isStanding: z.boolean(),
})
export type ReviewEvent = z.infer<typeof ReviewEvent>

/** All that people said of a call. */
export const CallReview = z.object({
  status: CallStatus,
  isReviewed: z.boolean(),
  /** Who decided last; empty if nobody did. */
  reviewer: z.string(),
  reviewedAt: z.string().nullable(),
  feedback: z.string(),
  /** By metric, each reviewer's standing vote, newest first. */
  votes: z.array(MetricVote),
  /** Categories that stand as marked wrong. */
  wrongCategories: z.array(CategoryMark),
  /** Newest first, at most 100. */
  events: z.array(ReviewEvent),
  /** Of the newest event that decided the outcome; 0 without one. Send it back as `seenDecisionId`. */
  decisionId: z.int(),
})
export type CallReview = z.infer<typeof CallReview>

/** What a change of a review answers: how it now stands, and the event to undo; null where nothing changed. */
export const ReviewChanged = z.object({ review: CallReview, eventId: z.int().nullable() })
export type ReviewChanged = z.infer<typeof ReviewChanged>

/** A decision, some words, or both. */
export const ReviewInput = z
  .object({
    decision: ReviewDecision.optional(),
    feedback: Note.optional(),
    /**
     * The `decisionId` that the reviewer saw. Where somebody else decided since, the answer is 409 and nothing changes.
     * Absent: decide whatever stands.
     */
    seenDecisionId: z.int().optional(),
  })
  .refine(({ decision, feedback }) => decision !== undefined || feedback !== undefined, {
    error: 'expected a decision or feedback',
  })
export type ReviewInput = z.infer<typeof ReviewInput>
