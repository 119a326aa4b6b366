import { z } from 'zod'
import { type Evidence, type Finding, type SkipReason, skipped } from '#contract/metric-result.ts'
import type { Segment } from '#contract/transcript.ts'
import { type Citation, createEvidenceCheck } from '../check-evidence.ts'
import type { Deviation, JudgedCall, JudgedMetric } from '../judged-call.ts'

export type Reference = { title: string; text: string }

/** What an answer has to be, and what it means. */
export type AskedShape = {
  kind: 'asked'
  /** At most 64 letters, digits, `_` and `-`. */
  schemaName: string
  /** Gives back what it was given, put right: an answer that was stored can be read by it again. */
  schema: z.ZodType
  howToAnswer: string
  /** Texts beside the transcript that the answer is held against. */
  references: Reference[]
  /** Texts that only help to word the answer: whether they change or not, a stored one stands. */
  hints: Reference[]
  /** How long an answer usually is. */
  outputTokens: number
  /** Null for an answer that does not fit the schema. */
  read: (answer: unknown) => ShapeReading | null
}

export type ShapeReading = {
  finding: Finding
  deviations: Deviation[]
}

/** Not asked: the metric or the call lacks something. */
export type AnswerShape = AskedShape | { kind: 'skipped'; finding: Finding }

export type ShapeQuestion = { metric: JudgedMetric; call: JudgedCall }

export function notAsked(reason: SkipReason, explanation: string): AnswerShape {
  return { kind: 'skipped', finding: skipped(reason, explanation) }
}

type ShapeDefinition<T> = Omit<AskedShape, 'kind' | 'schema' | 'read' | 'references' | 'hints'> & {
  references?: Reference[]
  hints?: Reference[]
  schema: z.ZodType<T>
  toReading: (answer: T) => Finding | ShapeReading
}

export function defineShape<T>({
  schema,
  toReading,
  references = [],
  hints = [],
  ...rest
}: ShapeDefinition<T>): AskedShape {
  return {
    ...rest,
    kind: 'asked',
    schema,
    references,
    hints,
    read: (answer) => {
      const parsed = schema.safeParse(answer)
      if (!parsed.success) return null
      const reading = toReading(parsed.data)
      return 'finding' in reading ? reading : { finding: reading, deviations: [] }
    },
  }
}

/** What can be cited for one answer; what goes beyond is left out. */
export const MOST_EVIDENCE = 8

/** What is longer no person reads, and a model that runs on writes without end. */
const LONGEST_WORDS = 1000
const LONGEST_EXPLANATION = 4000

export const Cited = z.object({
  // Not `int()`: that puts bounds of 16 digits into every schema that is sent.
  segment: z
    .number()
    .describe('The number in square brackets of the segment')
    .transform((value) => Math.trunc(value)),
  quote: words('Words copied exactly from that segment, at most 30'),
  note: words('What it shows, in a few words'),
})

/** A text of the judge, cut where it runs on. */
export function words(description: string, longest = LONGEST_WORDS): z.ZodType<string> {
  return z
    .string()
    .describe(description)
    .transform((text) => text.slice(0, longest).trim())
}

export const citations = z
  .array(Cited)
  .describe(
    `The 1 to ${MOST_EVIDENCE} places the answer rests on; none only if nothing bears on it`,
  )

/** Keys that every answer ends with. The reasons come first, so that the result follows from them. */
export const explanation = words(
  'Why, in one to three sentences that name moments as (MM:SS)',
  LONGEST_EXPLANATION,
)

export const applies = z
  .boolean()
  .describe(
    'False only if the question makes no sense for this call, such as about something that did not come up',
  )

export const confidence = z
  .number()
  .describe('0 to 100')
  .transform((value) => Math.round(Math.min(100, Math.max(0, value))))

/** A result has to be there unless the question does not apply. */
export function needsResult(key: string): { error: string; path: string[] } {
  return { error: 'must not be null where applies is true', path: [key] }
}

/** Such an answer: the metric does not apply to this call, and its reason says why. */
export function doesNotApply(answer: { explanation: string }): Finding {
  return skipped('trigger', answer.explanation)
}

/** Quotes held against the transcript; one without words cites nothing and is left out. */
export function checkedEvidence(
  cited: readonly Citation[],
  segments: readonly Segment[],
): Evidence[] {
  const check = createEvidenceCheck(segments)
  return cited.filter(({ quote }) => quote.trim() !== '').map(check)
}
