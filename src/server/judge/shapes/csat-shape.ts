import { z } from 'zod'
import { scored } from '#contract/metric-result.ts'
import {
  type AnswerShape,
  applies,
  checkedEvidence,
  citations,
  confidence,
  defineShape,
  doesNotApply,
  explanation,
  MOST_EVIDENCE,
  type ShapeQuestion,
} from './answer-shape.ts'

/** Source: Cekura API, CSAT. That neutral is worth as much as positive is meant so. */
const SENTIMENT = { positive: 5, neutral: 5, negative: 1 } as const
const COOPERATION = { full: 5, partial: 3, refused: 1 } as const
/** From the mean of two numbers up to 5 to a number up to 100. */
const SCALE = 100 / 5

const Answer = z.object({
  evidence: citations,
  explanation,
  applies,
  sentiment: z.enum(['positive', 'neutral', 'negative']),
  cooperation: z.enum(['full', 'partial', 'refused']),
  confidence,
})

/** 20 to 100: the mean of both dimensions. The judge chooses words; the number is ours. */
export function csatShape({ call }: ShapeQuestion): AnswerShape {
  return defineShape({
    schemaName: 'satisfaction',
    schema: Answer,
    howToAnswer: 'Cite first, then explain, then choose a word for each of both. Give no number.',
    outputTokens: 250,
    toReading: (answer) => {
      if (!answer.applies) return doesNotApply(answer)
      const { sentiment, cooperation } = answer
      return scored({
        score: ((SENTIMENT[sentiment] + COOPERATION[cooperation]) / 2) * SCALE,
        explanation: answer.explanation,
        confidence: answer.confidence,
        evidence: checkedEvidence(answer.evidence.slice(0, MOST_EVIDENCE), call.segments),
        extra: {
          dimensions: {
            sentiment: { label: sentiment, score: SENTIMENT[sentiment] },
            cooperation: { label: cooperation, score: COOPERATION[cooperation] },
          },
        },
      })
    },
  })
}
