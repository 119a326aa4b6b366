import type { BulkAction } from '#contract/bulk-action.ts'
import type { RunEstimate } from '#contract/evaluation-run.ts'
import { countOf, formatCount } from '../format/count.ts'
import { formatRoughDuration } from '../format/rough-duration.ts'
import { costText } from '../results/verdict-facts.ts'

export type Fact = { name: string; value: string }

/** What a rerun would take, line by line. */
export function tellEstimate(estimate: RunEstimate): Fact[] {
  const { callCount, metricCount, questionCount, inputTokens, outputTokens } = estimate
  const counts = [
    { name: 'Calls', value: formatCount(callCount) },
    { name: 'Metrics', value: formatCount(metricCount) },
    { name: 'Questions to the judge', value: questionCount === 0 ? 'none' : about(questionCount) },
  ]
  if (questionCount === 0) return counts
  return [
    ...counts,
    { name: 'Tokens', value: `${about(inputTokens)} in, ${formatCount(outputTokens)} out` },
    { name: 'Cost', value: tellCost(estimate) },
    { name: 'Time', value: tellDuration(estimate.durationSeconds) },
  ]
}

function about(count: number): string {
  return `about ${formatCount(count)}`
}

function tellCost({ costUsd }: RunEstimate): string {
  return costUsd === null ? 'no price set' : `about ${costText(costUsd)}`
}

function tellDuration(seconds: number | null): string {
  if (seconds === null) return 'not known: the judge was never asked'
  return formatRoughDuration(seconds)
}

/** How a run stands, in short parts: `3 failed`, `12 left out`, `688 left`, `1,240 tokens`, `$0.31`. Without zeros. */
export function tellRun(action: BulkAction): string[] {
  const { totalCount, doneCount, failedCount, skippedCount, inputTokens, outputTokens } = action
  const tokenCount = inputTokens + outputTokens
  return [
    count(failedCount, 'failed'),
    count(skippedCount, 'left out'),
    action.state === 'running' ? count(totalCount - doneCount, 'left') : null,
    tokenCount > 0 ? countOf(tokenCount, 'token') : null,
    action.costUsd === null ? null : costText(action.costUsd),
  ].filter((part) => part !== null)
}

function count(number: number, words: string): string | null {
  return number > 0 ? `${formatCount(number)} ${words}` : null
}
