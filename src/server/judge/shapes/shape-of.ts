import { hasWords } from '../has-words.ts'
import { type AnswerShape, notAsked, type ShapeQuestion } from './answer-shape.ts'
import { dropoffShape, hallucinationShape, topicShape } from './configured-shapes.ts'
import { csatShape } from './csat-shape.ts'
import { deviationShape } from './deviation-shape.ts'
import {
  relevancyShape,
  repetitionCountShape,
  repetitionScoreShape,
  verbosityShape,
} from './listing-shapes.ts'
import { plainShape } from './plain-shapes.ts'

/** By function name of the catalogue; every other metric is a plain question. */
const SHAPES: ReadonlyMap<string, (question: ShapeQuestion) => AnswerShape> = new Map(
  Object.entries({
    check_critical_deviations: deviationShape,
    check_hallucination: hallucinationShape,
    check_relevancy: relevancyShape,
    get_csat: csatShape,
    get_repetition_count: repetitionCountShape,
    get_repetition_score: repetitionScoreShape,
    get_verbosity: verbosityShape,
    observability_dropoff: dropoffShape,
    observability_topics: topicShape,
  }),
)

/** How the metric's question is answered for this call, or why it is not asked. */
export function shapeOf(question: ShapeQuestion): AnswerShape {
  const { metric, call } = question
  if (!hasWords(call.segments)) return notAsked('no-input', 'The call has no transcript.')
  const { functionName, prompt } = metric.content
  if (prompt.trim() === '')
    return notAsked('not-configured', 'The metric asks nothing: it has no prompt.')
  const special = functionName === null ? undefined : SHAPES.get(functionName)
  return special?.(question) ?? plainShape(question)
}
