import type { Metric, MetricKind } from '#contract/metric.ts'
import type { Verdict } from '#contract/metric-result.ts'

export type GroupKind = 'judge' | 'measured' | 'code' | 'recorded'

export type VerdictGroup = { kind: GroupKind; title: string; verdicts: Verdict[] }

const TITLES: Record<GroupKind, string> = {
  judge: 'Judge',
  measured: 'From sound and times',
  code: 'Code',
  recorded: 'Recorded',
}

const ORDER: readonly GroupKind[] = ['judge', 'measured', 'code', 'recorded']

type KnownMetric = Pick<Metric, 'id'> & { content: Pick<Metric['content'], 'kind'> }

/**
 * Results by where they come from, in the order the panel shows them, empty groups left out; within a group the given
 * order. Those that wait for a judge to be configured come apart: one notice says so for all.
 */
export function groupVerdicts(
  verdicts: readonly Verdict[],
  metrics: readonly KnownMetric[],
): { groups: VerdictGroup[]; withoutJudge: Verdict[] } {
  const kinds = new Map(metrics.map(({ id, content }) => [id, content.kind]))
  const withoutJudge = verdicts.filter(({ skipReason }) => skipReason === 'no-judge')
  const byGroup = Map.groupBy(
    verdicts.filter(({ skipReason }) => skipReason !== 'no-judge'),
    (verdict) => groupOf(verdict, kinds.get(verdict.metricId)),
  )
  const groups = ORDER.flatMap((kind) => {
    const inGroup = byGroup.get(kind)
    return inGroup ? [{ kind, title: TITLES[kind], verdicts: inGroup }] : []
  })
  return { groups, withoutJudge }
}

/** The result decides: one that came with the call stays recorded whatever its metric has become since. */
function groupOf({ source }: Verdict, kind: MetricKind | undefined): GroupKind {
  if (source === 'recorded') return 'recorded'
  if (source === 'judge') return 'judge'
  return kind === 'custom_code' ? 'code' : 'measured'
}
