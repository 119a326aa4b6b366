import type { StabilityCheck } from '#contract/evaluation-run.ts'
import type { Verdict } from '#contract/metric-result.ts'
import { countOf } from '../format/count.ts'
import { verdictWords } from './verdict-changes.ts'

/** How often each answer was given, the most frequent first: `4 × Yes, passed`. */
export function answerCounts(answers: readonly Verdict[]): { words: string; count: number }[] {
  const byWords = Map.groupBy(answers, verdictWords)
  return [...byWords]
    .map(([words, same]) => ({ words, count: same.length }))
    .sort((a, b) => b.count - a.count || a.words.localeCompare(b.words))
}

/** How stable the judge is, as a sentence; null below two answers. */
export function stabilityWords({
  answers,
  flipRate,
}: Pick<StabilityCheck, 'answers' | 'flipRate'>): string | null {
  if (flipRate === null || answers.length < 2) return null
  if (flipRate === 0) return `The judge gave the same answer all ${answers.length} times.`
  const differing = Math.round(flipRate * answers.length)
  const share = Math.round(flipRate * 100)
  const verb = differing === 1 ? 'differs' : 'differ'
  return `${countOf(differing, 'answer')} of ${answers.length} ${verb} from the most frequent one: a flip rate of ${share} %.`
}
