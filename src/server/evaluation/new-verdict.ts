import type { Finding, ResultSource } from '#contract/metric-result.ts'
import type { MetricRecord } from '../store/metrics.ts'
import type { NewVerdict } from '../store/verdicts.ts'

/** What the judge took for one result. */
export type JudgeUsage = {
  model: string
  inputTokens: number | null
  outputTokens: number | null
  costMicroUsd: number | null
}

type Origin = {
  metric: MetricRecord
  inputHash: string
  runId: number | null
  usage?: JudgeUsage | null
  tookMs?: number
}

/** A finding as the ledger keeps it. */
export function toNewVerdict(
  finding: Finding,
  { metric, inputHash, runId, usage = null, tookMs }: Origin,
): NewVerdict {
  return {
    ...finding,
    metricId: metric.id,
    source: sourceOf(metric),
    metricVersion: metric.version,
    runId,
    model: usage?.model ?? null,
    inputTokens: usage?.inputTokens ?? null,
    outputTokens: usage?.outputTokens ?? null,
    costMicroUsd: usage?.costMicroUsd ?? null,
    tookMs: tookMs === undefined ? null : Math.round(tookMs),
    inputHash,
    scale: metric.content,
  }
}

export function sourceOf({ content }: Pick<MetricRecord, 'content'>): ResultSource {
  if (content.kind === 'recorded') return 'recorded'
  return content.kind === 'llm_judge' ? 'judge' : 'measured'
}
