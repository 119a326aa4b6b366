import { z } from 'zod'
import { ExpectedValue } from './review.ts'

/**
 * How far a metric's results agree with people, from the newest vote of each call. `kappa` is Cohen's, of what the
 * metric said and what the person says it should have said: 1 is full agreement, 0 what chance would give. Null where
 * either said the same of every call, where there are fewer than two votes, and for plain numbers, which have no classes.
 * Source: J. Cohen, A coefficient of agreement for nominal scales, 1960.
 */
export const MetricAgreement = z.object({
  metricId: z.int(),
  /**
   * Votes with an opinion or an expected value, on scored results of the metric's present kind; of ratings, up to its
   * present top.
   */
  voteCount: z.int(),
  agreedCount: z.int(),
  kappa: z.number().nullable(),
})
export type MetricAgreement = z.infer<typeof MetricAgreement>

/** What a metric said and a person did not find right: by their word, else by a value that they expected instead. */
export const Disagreement = z.object({
  callId: z.int(),
  /** The sender's id of the call. */
  callName: z.string(),
  verdictId: z.int(),
  metricVersion: z.int().nullable(),
  saidValue: ExpectedValue,
  /** Null: wrong, without saying what would be right. */
  expectedValue: ExpectedValue.nullable(),
  note: z.string(),
  explanation: z.string(),
  /** Of the first evidence that was found; null without one. */
  atSeconds: z.number().nullable(),
  reviewer: z.string(),
  createdAt: z.string(),
})
export type Disagreement = z.infer<typeof Disagreement>

/** Stands in a report for the values beyond the 30 that most votes name. */
export const OTHER_LABEL = 'Other'

/** The page of a metric's agreement with people. */
export const AgreementReport = MetricAgreement.extend({
  days: z.int(),
  /**
   * Every value that either side gave: yes before no, ratings from the lowest, labels in the metric's order. Rows are
   * what the metric said, columns what people say it should have: the value that they expect, else what it said if they
   * agree, else the opposite of yes or no. Who disagrees with anything else without a value is in neither. Empty for plain numbers.
   * Of more than 30 values the 30 that most votes name, and "Other" last for all the rest; `kappa` tells those apart.
   */
  labels: z.array(z.string()),
  confusion: z.array(z.array(z.int())),
  /** Newest first, at most 100. */
  disagreements: z.array(Disagreement),
  /** By day of the vote, oldest first; days without votes are left out. */
  byDay: z.array(z.object({ day: z.string(), voteCount: z.int(), agreedCount: z.int() })),
})
export type AgreementReport = z.infer<typeof AgreementReport>

/** The badge speaks of the last 30 days. */
export const AGREEMENT_DAYS = 30
