import { type Finding, failed } from '#contract/metric-result.ts'
import { askOnce, type OnceQuestion } from './ask-once.ts'
import { composePrompt } from './compose-prompt.ts'
import type { Judge } from './judge.ts'
import {
  type Deviation,
  type JudgedCall,
  type JudgedMetric,
  type JudgeUsage,
  type OtherResult,
  type StoredAnswers,
  UNASKED,
} from './judged-call.ts'
import { orTooLong, PromptTooLong } from './prompt-too-long.ts'
import type { AskedShape } from './shapes/answer-shape.ts'
import { shapeOf } from './shapes/shape-of.ts'
import { takeTurn } from './take-turn.ts'

export type JudgedFinding = {
  finding: Finding
  /** Of instruction following, in order; empty for all others. */
  deviations: Deviation[]
  /** What the answer took, now or when it was stored; null: nothing was asked, or no answer came. */
  usage: JudgeUsage | null
  /** How long the endpoint took for it; 0 where nothing was asked. */
  tookMs: number
}

export type JudgeMetricRequest = {
  judge: Judge
  /** Null: asked anew, and not kept. */
  answers: StoredAnswers | null
  metric: JudgedMetric
  call: JudgedCall
  otherResults: readonly OtherResult[]
  signal?: AbortSignal | undefined
}

/**
 * What the judge finds of a call by one metric, with its quotes held against the transcript. What goes wrong at the
 * endpoint, and a question that is too long for it, is a finding of state `failed`. Rejects only once `signal` aborts, or when `answers` does.
 */
export async function judgeMetric(request: JudgeMetricRequest): Promise<JudgedFinding> {
  const { metric, call } = request
  const shape = shapeOf({ metric, call })
  if (shape.kind === 'skipped') {
    return { finding: shape.finding, deviations: [], ...UNASKED }
  }
  await takeTurn(call.segments)
  const question = orTooLong(() => toQuestion(request, shape))
  if (question instanceof PromptTooLong) {
    return { finding: failed(question.message), deviations: [], ...UNASKED }
  }
  const answer = await askOnce(question)
  const { usage, tookMs } = answer
  const reading = answer.kind === 'answered' ? shape.read(answer.value) : null
  if (reading) return { ...reading, usage, tookMs }
  const message = answer.kind === 'failed' ? answer.message : 'The answer of the judge does not fit'
  return { finding: failed(message), deviations: [], usage, tookMs }
}

function toQuestion(request: JudgeMetricRequest, shape: AskedShape): OnceQuestion {
  const { judge, answers, metric, call, otherResults, signal } = request
  const { schema, schemaName } = shape
  const composed = { metric, call, otherResults, shape }
  const prompt = composeQuestion(composed)
  const unhinted = { ...composed, shape: { ...shape, hints: [] } }
  const dependsOn = shape.hints.length === 0 ? prompt : composeQuestion(unhinted)
  return { judge, answers, metric, prompt, dependsOn, schema, schemaName, signal }
}

type Composed = Pick<JudgeMetricRequest, 'metric' | 'call' | 'otherResults'> & { shape: AskedShape }

/** The message that asks the metric's question of the call; pure. */
export function composeQuestion({ metric, call, otherResults, shape }: Composed): string {
  const { references, hints, howToAnswer } = shape
  return composePrompt({
    call,
    otherResults,
    references: [...references, ...hints],
    question: metric.content.prompt.trim(),
    howToAnswer,
  })
}
