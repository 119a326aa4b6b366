import { type Finding, topScore, type Verdict } from '#contract/metric-result.ts'
import type { MetricRecord } from '../store/metrics.ts'
import { usdOf } from '../store/us-dollars.ts'
import type { Judged } from './judge-tools.ts'
import { sourceOf } from './new-verdict.ts'

/** What was found, in the shape of a stored result, without being one. `now` null: it is of no time. */
export function toVerdict(
  { metric, finding, usage, tookMs, deviations }: Judged,
  { now }: { now: number | null },
): Verdict {
  // Numbers are given to categories when they are kept.
  const categories = deviations.map((deviation) => ({ category_id: 0, ...deviation }))
  return {
    ...toBareVerdict(metric, finding),
    ...(categories.length > 0 && { extra: { ...finding.extra, categories } }),
    model: usage?.model ?? null,
    inputTokens: usage?.inputTokens ?? null,
    outputTokens: usage?.outputTokens ?? null,
    costUsd: usage?.costMicroUsd == null ? null : usdOf(usage.costMicroUsd),
    durationMs: Math.round(tookMs),
    createdAt: now === null ? null : new Date(now).toISOString(),
  }
}

/** The same of a finding that took nothing. A metric of version 0 is a draft, or only recorded. */
export function toBareVerdict(metric: MetricRecord, finding: Finding): Verdict {
  const { content } = metric
  return {
    ...finding,
    id: null,
    metricId: metric.id,
    code: metric.code,
    name: metric.name,
    evalType: content.evalType,
    unit: content.unit,
    maxScore: topScore({ evalType: content.evalType, max: content.range?.max }),
    source: sourceOf(metric),
    metricVersion: metric.version === 0 ? null : metric.version,
    runId: null,
    model: null,
    inputTokens: null,
    outputTokens: null,
    costUsd: null,
    durationMs: null,
    createdAt: null,
  }
}
