import { topScore, type Verdict } from '#contract/metric-result.ts'
import type { Judged } from './judge-tools.ts'
import { sourceOf } from './new-verdict.ts'

/** What was found, in the shape of a stored result, without being one. `now` null: it is of no time. */
export function toVerdict(
  { metric, finding, usage, tookMs, deviations }: Judged,
  { now }: { now: number | null },
): Verdict {
  const { content } = metric
  // Numbers are given to categories when they are kept.
  const categories = deviations.map((deviation) => ({ category_id: 0, ...deviation }))
  return {
    ...finding,
    extra: categories.length === 0 ? finding.extra : { ...finding.extra, categories },
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
    model: usage?.model ?? null,
    inputTokens: usage?.inputTokens ?? null,
    outputTokens: usage?.outputTokens ?? null,
    costUsd: usage?.costMicroUsd == null ? null : usage.costMicroUsd / 1e6,
    durationMs: Math.round(tookMs),
    createdAt: now === null ? null : new Date(now).toISOString(),
  }
}
