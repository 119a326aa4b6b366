import { z } from 'zod'
import { foldCase } from '#contract/fold-case.ts'
import type { MetricRange } from '#contract/metric.ts'
import { answeredYesNo, scored } from '#contract/metric-result.ts'
import {
  type AnswerShape,
  type AskedShape,
  applies,
  checkedEvidence,
  citations,
  confidence,
  defineShape,
  doesNotApply,
  explanation,
  MOST_EVIDENCE,
  needsResult,
  notAsked,
  type ShapeQuestion,
} from './answer-shape.ts'

const OUTPUT_TOKENS = 250
/** Of a rating that names none. Source: Cekura API, `continuous_qualitative`. */
const USUAL_RANGE: MetricRange = { min: 0, max: 5 }

const ANSWER = 'Cite first, then explain, then give the result.'

/** The answer of a metric that only has a question: by how it answers. */
export function plainShape({ metric, call }: ShapeQuestion): AnswerShape {
  const { evalType, range, enumValues, unit } = metric.content
  switch (evalType) {
    case 'binary':
      return yesNoShape({ call })
    case 'rating':
      return numberShape({ call, range: range ?? USUAL_RANGE, unit: '' })
    case 'numeric':
      return numberShape({ call, range, unit })
    case 'enum':
      return labelShape({ call, labels: enumValues })
    default:
      return evalType satisfies never
  }
}

const YesNo = z
  .object({
    evidence: citations,
    explanation,
    applies,
    passed: z
      .boolean()
      .nullable()
      .describe(
        'The answer: true or false as the question defines it; null only if it does not apply',
      ),
    confidence,
  })
  .refine((answer) => !answer.applies || answer.passed !== null, needsResult('passed'))

type YesNoShape = Pick<ShapeQuestion, 'call'> & { references?: AskedShape['references'] }

export function yesNoShape({ call, references = [] }: YesNoShape): AskedShape {
  return defineShape({
    schemaName: 'yes_no',
    schema: YesNo,
    howToAnswer: `${ANSWER} "passed" is the answer to the question, true or false.`,
    references,
    outputTokens: OUTPUT_TOKENS,
    toReading: ({ evidence, passed, ...answer }) => {
      if (!answer.applies || passed === null) return doesNotApply(answer)
      return answeredYesNo(passed, {
        explanation: answer.explanation,
        confidence: answer.confidence,
        evidence: checkedEvidence(evidence.slice(0, MOST_EVIDENCE), call.segments),
      })
    },
  })
}

type NumberShape = Pick<ShapeQuestion, 'call'> & { range: MetricRange | null; unit: string }

function numberShape({ call, range, unit }: NumberShape): AskedShape {
  const number = range === null ? z.number() : z.number().min(range.min).max(range.max)
  const scale = range === null ? '' : ` from ${range.min} to ${range.max}`
  const measure = unit === '' ? '' : ` in ${unit}`
  return defineShape({
    schemaName: 'number',
    schema: z
      .object({
        evidence: citations,
        explanation,
        applies,
        score: number
          .nullable()
          .describe(`A number${scale}${measure}; null only if it does not apply`),
        confidence,
      })
      .refine((answer) => !answer.applies || answer.score !== null, needsResult('score')),
    howToAnswer: `${ANSWER} "score" is a number${scale}${measure}.`,
    outputTokens: OUTPUT_TOKENS,
    toReading: ({ evidence, score, ...answer }) => {
      if (!answer.applies || score === null) return doesNotApply(answer)
      return scored({
        score,
        explanation: answer.explanation,
        confidence: answer.confidence,
        evidence: checkedEvidence(evidence.slice(0, MOST_EVIDENCE), call.segments),
      })
    },
  })
}

type LabelShape = Pick<ShapeQuestion, 'call'> & {
  labels: readonly string[]
  references?: AskedShape['references']
}

/** One of `labels`, whatever its case in the answer; without any there is nothing to choose. */
export function labelShape({ call, labels, references = [] }: LabelShape): AnswerShape {
  if (labels.length === 0)
    return notAsked('not-configured', 'The metric has no labels to choose from.')
  const byFolded = new Map(labels.map((label) => [foldCase(label.trim()), label]))
  const Label = z
    .string()
    .meta({ enum: [...labels], description: 'One of these labels; null only if it does not apply' })
    .transform((text) => byFolded.get(foldCase(text.trim())) ?? text)
    .refine((text) => labels.includes(text), { error: `must be one of ${JSON.stringify(labels)}` })
    .nullable()
  return defineShape({
    schemaName: 'label',
    schema: z
      .object({ evidence: citations, explanation, applies, label: Label, confidence })
      .refine((answer) => !answer.applies || answer.label !== null, needsResult('label')),
    howToAnswer: `${ANSWER} "label" is exactly one of: ${labels.map((label) => JSON.stringify(label)).join(', ')}.`,
    references,
    outputTokens: OUTPUT_TOKENS,
    toReading: ({ evidence, label, ...answer }) => {
      if (!answer.applies || label === null) return doesNotApply(answer)
      return scored({
        valueText: label,
        explanation: answer.explanation,
        confidence: answer.confidence,
        evidence: checkedEvidence(evidence.slice(0, MOST_EVIDENCE), call.segments),
      })
    },
  })
}
