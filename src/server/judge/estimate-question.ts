import { SYSTEM } from './compose-prompt.ts'
import { composeTrigger } from './decide-trigger.ts'
import { composeQuestion } from './judge-metric.ts'
import type { JudgedCall, JudgedMetric } from './judged-call.ts'
import { orTooLong, PromptTooLong } from './prompt-too-long.ts'
import { shapeOf } from './shapes/shape-of.ts'

export type QuestionEstimate = { inputTokens: number; outputTokens: number }

type Question = { metric: JudgedMetric; call: JudgedCall }

/** Tokenizers of today take some four characters of English a token, and other scripts by two or less. */
const ASCII_PER_TOKEN = 4
const OTHERS_PER_TOKEN = 1.8
/** The shape of the answer, in words. */
const SCHEMA_TOKENS = 320
const TRIGGER_SCHEMA_TOKENS = 90
const TRIGGER_OUTPUT_TOKENS = 60

const NOTHING: QuestionEstimate = { inputTokens: 0, outputTokens: 0 }

/**
 * What judging would take; zeros where the judge would not be asked, as of a call without a transcript or with one
 * that is too long.
 */
export function estimateQuestion({ metric, call }: Question): QuestionEstimate {
  const shape = shapeOf({ metric, call })
  if (shape.kind === 'skipped') return NOTHING
  const prompt = orTooLong(() => composeQuestion({ metric, call, otherResults: [], shape }))
  if (prompt instanceof PromptTooLong) return NOTHING
  return {
    inputTokens: countTokens(SYSTEM) + countTokens(prompt) + SCHEMA_TOKENS,
    outputTokens: shape.outputTokens,
  }
}

/** The same of the question whether the metric applies; null where its trigger does not ask the judge. */
export function estimateTrigger({ metric, call }: Question): QuestionEstimate | null {
  const prompt = orTooLong(() => composeTrigger({ metric, call }))
  if (prompt === null || prompt instanceof PromptTooLong) return null
  return {
    inputTokens: countTokens(SYSTEM) + countTokens(prompt) + TRIGGER_SCHEMA_TOKENS,
    outputTokens: TRIGGER_OUTPUT_TOKENS,
  }
}

function countTokens(text: string): number {
  const others = text.match(/[\u0080-\uffff]/g)?.length ?? 0
  return Math.ceil((text.length - others) / ASCII_PER_TOKEN + others / OTHERS_PER_TOKEN)
}
