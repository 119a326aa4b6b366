import { Link } from 'react-router'
import type { Metric } from '#contract/metric.ts'
import { useChangeMetric } from '../../api/metric-changes.ts'
import { countOf } from '../../format/count.ts'
import { Badge } from '../../ui/badge.tsx'
import { showFailure } from '../../ui/show-failure.ts'
import { Switch } from '../../ui/switch.tsx'
import { showToast } from '../../ui/toast.tsx'
import type { MetricContext } from './metric-list.tsx'

/** Its hit area is the whole row; other controls of the row lie above it. */
export function MetricName({ metric }: { metric: Metric }) {
  return (
    <Link
      to={`/metrics/${metric.id}`}
      className="min-w-0 truncate font-medium after:absolute after:inset-0 after:content-['']"
    >
      {metric.name}
    </Link>
  )
}

export function MetricBadges({ metric, context }: { metric: Metric; context: MetricContext }) {
  return (
    <>
      {context.rubricIds.has(metric.id) && <Badge tone="accent">In the rubric</Badge>}
      {metric.isSampled && <Badge>Sampled</Badge>}
    </>
  )
}

/** Off: calls are not judged by it. Takes effect at once and can be taken back. */
export function EnabledSwitch({ metric, canWrite }: { metric: Metric; canWrite: boolean }) {
  const change = useChangeMetric()
  const set = (isEnabled: boolean) => change.mutateAsync({ id: metric.id, change: { isEnabled } })

  const handleChange = (isEnabled: boolean) => {
    const undo = () => void set(!isEnabled).catch(showFailure)
    const done = set(isEnabled).then(() =>
      showToast({
        title: `“${metric.name}” is ${isEnabled ? 'on' : 'off'}.`,
        action: { label: 'Undo', onSelect: undo },
      }),
    )
    void done.catch(showFailure)
  }
  return (
    <span className="relative z-1 inline-flex">
      <Switch
        label={<span className="sr-only">{metric.name} is on</span>}
        isChecked={metric.isEnabled}
        isDisabled={!canWrite || metric.content.kind === 'recorded'}
        onChange={handleChange}
      />
    </span>
  )
}

export function agentsText({ agentIds }: Metric, { agentNames }: MetricContext): string {
  const [only, second] = agentIds
  if (only === undefined) return 'All'
  return second === undefined
    ? (agentNames.get(only) ?? `Agent ${only}`)
    : countOf(agentIds.length, 'agent')
}
