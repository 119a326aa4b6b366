import { z } from 'zod'
import { BulkTarget } from './bulk-action.ts'
import { Verdict } from './metric-result.ts'

/** Which calls to judge again, and by which metrics; all that are on where none are named. */
export const RunRequest = z.object({
  target: BulkTarget,
  metricIds: z.array(z.int().positive()).min(1).max(200).optional(),
})
export type RunRequest = z.infer<typeof RunRequest>

/**
 * What a rerun would take of the judge at most: answers that are stored cost nothing when the rerun needs them, and are
 * counted here as asked.
 */
export const RunEstimate = z.object({
  callCount: z.int(),
  metricCount: z.int(),
  /** Questions to the judge, triggers included; 0 without a judge. */
  questionCount: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  /** Null where no price is known. */
  costUsd: z.number().nullable(),
  /** By what the judge took lately and how many questions it takes at once; null where nothing is known. */
  durationSeconds: z.number().nullable(),
  /** Metrics that need a judge while none is configured. */
  skippedMetricCount: z.int(),
})
export type RunEstimate = z.infer<typeof RunEstimate>

/** A result that turned when a run judged a call again. */
export const Flip = z.object({
  callId: z.int(),
  /** The sender's id of the call. */
  senderCallId: z.string(),
  metricId: z.int(),
  metricName: z.string(),
  before: Verdict,
  after: Verdict,
})
export type Flip = z.infer<typeof Flip>

/** What a run turned: newest calls first, at most 200, and how many there are per metric. */
export const RunFlips = z.object({
  items: z.array(Flip),
  counts: z.array(
    z.object({
      metricId: z.int(),
      metricName: z.string(),
      judgedCount: z.int(),
      flippedCount: z.int(),
    }),
  ),
})
export type RunFlips = z.infer<typeof RunFlips>

export const MAX_STABILITY_TIMES = 20

/** One call judged many times by one metric, none of which counts as its result. */
export const StabilityCheck = z.object({
  id: z.int(),
  callId: z.int(),
  metricId: z.int(),
  metricVersion: z.int(),
  times: z.int(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  answers: z.array(Verdict),
  /** Part of the answers, 0 to 1, that differ from the most frequent one; null below two answers. */
  flipRate: z.number().nullable(),
  errorMessage: z.string().nullable(),
  createdAt: z.string(),
})
export type StabilityCheck = z.infer<typeof StabilityCheck>
