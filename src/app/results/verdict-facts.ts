import type { Verdict } from '#contract/metric-result.ts'
import { formatCount } from '../format/count.ts'
import { formatDateTime } from '../format/date.ts'

export type VerdictFact = { name: string; value: string }

/** Where a result comes from and what it took, as far as that is known. */
export function verdictFacts(verdict: Verdict, { isScript }: { isScript: boolean }): VerdictFact[] {
  const { metricVersion, confidence, durationMs, createdAt, runId } = verdict
  const facts: (VerdictFact | null)[] = [
    { name: 'Source', value: sourceText(verdict, { isScript }) },
    fact('Version', metricVersion === null ? null : String(metricVersion)),
    fact('Confidence', confidence === null ? null : `${Math.round(confidence)} %`),
    fact('Cost', verdict.costUsd === null ? null : costText(verdict.costUsd)),
    fact('Tokens', tokensText(verdict)),
    fact('Took', durationMs === null ? null : tookText(durationMs)),
    fact('When', createdAt && formatDateTime(createdAt)),
    fact('Rerun', runId === null ? null : `#${runId}`),
  ]
  return facts.filter((each) => each !== null)
}

function fact(name: string, value: string | null): VerdictFact | null {
  return value === null ? null : { name, value }
}

/** What a result rests on, in words. */
export function sourceText(
  { source, basis, model }: Pick<Verdict, 'source' | 'basis' | 'model'>,
  { isScript }: { isScript: boolean },
): string {
  if (source === 'recorded') return 'Recorded with the call'
  if (source === 'judge') return model === null ? 'Judge' : `Judge: ${model}`
  if (isScript) return 'Script'
  if (basis === 'audio') return 'Sound of the recording'
  return basis === 'transcript' ? 'Times of the transcript' : 'Transcript'
}

const CENTS = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' })
const SMALL_SUMS = new Intl.NumberFormat('en', {
  style: 'currency',
  currency: 'USD',
  maximumSignificantDigits: 2,
})

/** `$1.20`; below a cent two digits that count: `$0.00034`. */
export function costText(usd: number): string {
  return (usd > 0 && usd < 0.01 ? SMALL_SUMS : CENTS).format(usd)
}

function tokensText({ inputTokens, outputTokens }: Verdict): string | null {
  if (inputTokens === null && outputTokens === null) return null
  return `${formatCount(inputTokens ?? 0)} in, ${formatCount(outputTokens ?? 0)} out`
}

function tookText(durationMs: number): string {
  return durationMs < 1000 ? `${durationMs} ms` : `${(durationMs / 1000).toFixed(1)} s`
}
