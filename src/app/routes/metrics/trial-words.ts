import type { Verdict } from '#contract/metric-result.ts'
import { countOf } from '../../format/count.ts'
import { verdictWords } from '../../results/verdict-changes.ts'
import { costText } from '../../results/verdict-facts.ts'

export type Comparison = {
  /** `first`: nothing counts yet that could be compared with. */
  kind: 'first' | 'same' | 'differs'
  text: string
}

type Pair = { tried: Verdict; current: Verdict | null }

/** What the draft says otherwise than what counts now, in words: colour is never the only sign. */
export function compareVerdicts({ tried, current }: Pair): Comparison {
  if (current === null || current.id === null) {
    return { kind: 'first', text: 'No result yet to compare with' }
  }
  const [was, is] = [verdictWords(current), verdictWords(tried)]
  if (was === is) return { kind: 'same', text: 'The same answer as now' }
  return { kind: 'differs', text: `Differs: ${was} became ${is}` }
}

/** Of all trials: `3 of 5 answers differ; 1 could not be tried`. */
export function summariseTrials(comparisons: readonly Comparison[], failedCount: number): string {
  const compared = comparisons.filter(({ kind }) => kind !== 'first')
  const differing = compared.filter(({ kind }) => kind === 'differs').length
  const failures = failedCount === 0 ? [] : [`${countOf(failedCount, 'call')} could not be tried`]
  const tried = `${countOf(comparisons.length, 'call')} tried`
  const differences =
    compared.length === 0 ? [] : [`${differing} of ${compared.length} differ from what counts now`]
  return [tried, ...differences, ...failures].join('; ')
}

/** `412 tokens in, 38 out, $0.0012, 840 ms`; empty where no judge was asked. */
export function usageText({ inputTokens, outputTokens, costUsd, durationMs }: Verdict): string {
  const tokens =
    inputTokens === null && outputTokens === null
      ? []
      : [`${countOf(inputTokens ?? 0, 'token')} in, ${outputTokens ?? 0} out`]
  const cost = costUsd === null ? [] : [costText(costUsd)]
  const time = durationMs === null ? [] : [`${durationMs} ms`]
  return [...tokens, ...cost, ...time].join(', ')
}
