import { z } from 'zod'
import { ExpectedValue, MAX_NOTE_LENGTH } from '../review.ts'
import { show } from './observe.ts'

const id = z.coerce
  .number({ error: ({ input }) => `Expected a number, got ${show(input)}.` })
  .int()
  .positive()

const Note = z.string().max(MAX_NOTE_LENGTH).nullish()

/** By the words of both known generations of clients. */
const VOTES: Record<string, boolean> = {
  agree: true,
  correct: true,
  disagree: false,
  incorrect: false,
}

const Vote = z
  .string()
  .transform((text) => text.trim().toLowerCase())
  .refine((text) => Object.hasOwn(VOTES, text), {
    error: ({ input }) => `Expected one of ${Object.keys(VOTES).join(', ')}; got ${show(input)}.`,
  })
  .transform((text) => VOTES[text] ?? null)

/**
 * The body of `mark_metric_vote`, in each spelling that clients use. Without opinion, value and words the vote is
 * withdrawn. Source: Cekura API, docs/wire.md D9.
 */
export const WireMetricVote = z
  .object({
    metric_id: id,
    thumbs_up: z.union([z.boolean(), z.stringbool()]).nullish(),
    vote: Vote.nullish().describe('agree, correct, disagree or incorrect, for thumbs_up'),
    expected_value: ExpectedValue.nullish().describe('What the metric should have said'),
    feedback: Note,
    reasoning: Note.describe('Other name of feedback'),
  })
  .superRefine(({ thumbs_up, vote, expected_value }, context) => {
    if ([thumbs_up, vote, expected_value].some((value) => value !== undefined)) return
    context.addIssue({ code: 'custom', path: ['thumbs_up'], message: 'This field is required.' })
  })
  .meta({ id: 'MarkMetricVote' })

/** The body of `mark_critical_scenario_wrong` and its reverse. Source: Cekura API, docs/wire.md D11. */
export const WireCategoryMark = z
  .object({
    scenario_id: id.optional().describe('The category_id of an entry of critical_categories'),
    category_id: id.optional().describe('The same under the name that the entries have'),
    feedback: Note,
  })
  .superRefine(({ scenario_id, category_id }, context) => {
    if (scenario_id !== undefined || category_id !== undefined) return
    context.addIssue({ code: 'custom', path: ['scenario_id'], message: 'This field is required.' })
  })
  .meta({ id: 'MarkCriticalScenario' })
