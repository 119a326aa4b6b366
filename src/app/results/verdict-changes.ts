import type { Verdict } from '#contract/metric-result.ts'
import { outcomeOf, type ResultOutcome } from './result-outcome.ts'
import { resultText } from './result-text.ts'

const OUTCOME_WORDS: Record<ResultOutcome, string> = {
  passed: 'passed',
  failed: 'failed',
  neutral: 'info',
  skipped: 'skipped',
  broken: 'error',
}

/** What a result says in one word or two: `Yes, passed`, `1,240 ms`. */
export function verdictWords(verdict: Verdict): string {
  const outcome = outcomeOf(verdict)
  if (outcome === 'skipped' || outcome === 'broken') return OUTCOME_WORDS[outcome]
  const value = resultText(verdict)
  return outcome === 'neutral' ? value : `${value}, ${OUTCOME_WORDS[outcome]}`
}

/** What is different about a result and how it came about, against the one before it; empty where nothing is. */
export function verdictChanges(before: Verdict, after: Verdict): string[] {
  const changes: string[] = []
  const [from, to] = [verdictWords(before), verdictWords(after)]
  if (from !== to) changes.push(`${from} → ${to}`)
  if (before.metricVersion !== after.metricVersion) {
    changes.push(`version ${before.metricVersion ?? '–'} → ${after.metricVersion ?? '–'}`)
  }
  if (before.model !== after.model) {
    changes.push(`model ${before.model ?? '–'} → ${after.model ?? '–'}`)
  }
  if (before.basis !== after.basis && after.basis !== null) {
    changes.push(after.basis === 'audio' ? 'now from the sound' : 'now from the transcript’s times')
  }
  return changes
}
