import { z } from 'zod'
import { askOnce } from './ask-once.ts'
import { composePrompt } from './compose-prompt.ts'
import { hasWords } from './has-words.ts'
import type { Judge } from './judge.ts'
import {
  type JudgedCall,
  type JudgedMetric,
  type JudgeUsage,
  type StoredAnswers,
  UNASKED,
} from './judged-call.ts'
import { orTooLong, PromptTooLong } from './prompt-too-long.ts'
import { takeTurn } from './take-turn.ts'

export type TriggerRequest = {
  judge: Judge
  answers: StoredAnswers | null
  metric: JudgedMetric
  call: JudgedCall
  signal?: AbortSignal | undefined
}

/** `usage` and `tookMs`: of the answer, now or when it was stored; null and 0 where nobody was asked. */
export type TriggerDecision = { usage: JudgeUsage | null; tookMs: number } & (
  | { kind: 'decided'; applies: boolean; reason: string }
  | { kind: 'failed'; message: string }
)

const Answer = z.object({
  reason: z.string().describe('Why, in one sentence'),
  applies: z.boolean(),
})

const HOW = 'Explain in one sentence first, then answer with "applies", true or false.'

/**
 * Whether a metric applies to a call, where the judge has to say: triggers of the kinds `automatic` and `prompt`. A
 * metric that always applies does so unasked, and a call without a transcript is left to the metric to skip.
 * Rejects once `signal` aborts, when `answers` does, and for a trigger that is a script.
 */
export async function decideTrigger(request: TriggerRequest): Promise<TriggerDecision> {
  const { judge, answers, metric, call, signal } = request
  if (metric.content.trigger.kind === 'code') {
    throw new Error(`The trigger of metric ${metric.id} is a script, which no judge decides`)
  }
  await takeTurn(call.segments)
  const prompt = orTooLong(() => composeTrigger({ metric, call }))
  if (prompt === null) return { kind: 'decided', applies: true, reason: '', ...UNASKED }
  if (prompt instanceof PromptTooLong) {
    return { kind: 'failed', message: prompt.message, ...UNASKED }
  }
  const answer = await askOnce({
    judge,
    answers,
    metric,
    prompt,
    schema: Answer,
    schemaName: 'trigger',
    signal,
  })
  const { usage, tookMs } = answer
  if (answer.kind === 'failed') return { kind: 'failed', message: answer.message, usage, tookMs }
  const { applies, reason } = Answer.parse(answer.value)
  return { kind: 'decided', applies, reason, usage, tookMs }
}

/** The question whether the metric applies; null where nobody needs to be asked. Pure. */
export function composeTrigger({
  metric,
  call,
}: Pick<TriggerRequest, 'metric' | 'call'>): string | null {
  const question = triggerQuestion(metric)
  if (question === null || !hasWords(call.segments)) return null
  return composePrompt({ call, otherResults: [], references: [], question, howToAnswer: HOW })
}

function triggerQuestion({ name, content }: JudgedMetric): string | null {
  const { trigger, prompt } = content
  switch (trigger.kind) {
    case 'always':
    case 'code':
      return null
    case 'prompt':
      return `A metric is applied to a call only under a condition. Is it met by this call?\n\nThe condition:\n${trigger.prompt}`
    case 'automatic':
      return `Does the metric "${name}" apply to this call: does what it asks about come up at all? Do not answer what it asks.\n\nThe metric asks:\n${prompt.trim()}`
    default:
      return trigger satisfies never
  }
}
