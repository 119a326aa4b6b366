import type { Metric, MetricDirection } from '#contract/metric.ts'
import type { Verdict } from '#contract/metric-result.ts'

/** How the second call fares by a metric against the first. `other`: another value, of which neither is the better one. */
export type Change = 'better' | 'worse' | 'same' | 'other' | 'missing'

/** One metric on both calls; null where it has no result. */
export type ComparedMetric = {
  metricId: number
  name: string
  before: Verdict | null
  after: Verdict | null
  change: Change
}

const ORDER: readonly Change[] = ['worse', 'better', 'other', 'same', 'missing']

/**
 * Every metric that scored either call, what changed first: what got worse, what got better, other values, then what
 * stayed as it was and what only one of them has. By name among equals.
 */
export function compareVerdicts(
  { before, after }: { before: readonly Verdict[]; after: readonly Verdict[] },
  metrics: readonly Pick<Metric, 'id' | 'direction'>[],
): ComparedMetric[] {
  const first = scoredByMetric(before)
  const second = scoredByMetric(after)
  const directions = new Map(metrics.map(({ id, direction }) => [id, direction]))
  const rows = [...new Set([...first.keys(), ...second.keys()])].map((metricId) => {
    const pair = { before: first.get(metricId) ?? null, after: second.get(metricId) ?? null }
    const name = (pair.after ?? pair.before)?.name ?? ''
    const change = changeOf(pair, directions.get(metricId) ?? 'neutral')
    return { metricId, name, ...pair, change }
  })
  return rows.sort(
    (a, b) => ORDER.indexOf(a.change) - ORDER.indexOf(b.change) || a.name.localeCompare(b.name),
  )
}

function scoredByMetric(verdicts: readonly Verdict[]): Map<number, Verdict> {
  const scored = verdicts.filter(({ state }) => state === 'scored')
  return new Map(scored.map((verdict) => [verdict.metricId, verdict]))
}

type Pair = Pick<ComparedMetric, 'before' | 'after'>

function changeOf({ before, after }: Pair, direction: MetricDirection): Change {
  if (before === null || after === null) return 'missing'
  if (before.passed !== null && after.passed !== null && before.passed !== after.passed) {
    return after.passed ? 'better' : 'worse'
  }
  const isOnOneScale =
    before.evalType === after.evalType &&
    before.maxScore === after.maxScore &&
    before.unit === after.unit
  if (!isOnOneScale) return 'other'
  if (before.score === after.score && before.valueText === after.valueText) return 'same'
  if (before.score === null || after.score === null || direction === 'neutral') return 'other'
  return after.score > before.score === (direction === 'higher') ? 'better' : 'worse'
}
