import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BulkTarget } from '#contract/bulk-action.ts'
import type { Metric } from '#contract/metric.ts'
import { useMetrics } from '../api/metrics.ts'
import { verdictQueries } from '../api/verdicts.ts'
import { countOf } from '../format/count.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { LoadError } from '../ui/load-error.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { explainWork } from './bulk-words.ts'
import { MetricPicker } from './metric-picker.tsx'
import { tellEstimate } from './rerun-words.ts'
import { useBulkWork } from './use-bulk-work.ts'

const SCOPES = [
  { value: 'all', label: 'All that are on' },
  { value: 'chosen', label: 'Chosen ones' },
] as const

export type RerunDialogProps = {
  target: BulkTarget
  /** What is chosen at first; absent: every metric that is on. */
  metricIds?: readonly number[]
  onClose: () => void
  /** The server has taken it; the dialog closes by itself. */
  onStarted?: () => void
}

/** What judging these calls again would take, which metrics, and the button that does it. */
export function RerunDialog({ target, metricIds, onClose, onStarted }: RerunDialogProps) {
  const [scope, setScope] = useState<'all' | 'chosen'>(metricIds ? 'chosen' : 'all')
  const [chosen, setChosen] = useState<ReadonlySet<number>>(() => new Set(metricIds))
  const metrics = useMetrics()
  const judged = metrics.data?.items.filter(({ content }) => content.kind !== 'recorded') ?? []
  const wanted = scope === 'all' ? undefined : [...chosen].sort((a, b) => a - b)
  const isNothing = wanted?.length === 0
  const request = { target, ...(wanted && { metricIds: wanted }) }
  const estimate = useQuery({
    ...verdictQueries.estimate(request),
    enabled: !isNothing,
    placeholderData: keepPreviousData,
    retry: false,
    // A number that somebody confirms must be of now.
    gcTime: 0,
  })
  const { start, isStarting } = useBulkWork()
  const handleStart = async () => {
    const work = { kind: 'rerun' as const, ...(wanted && { metricIds: wanted }) }
    if (!(await start({ work, target }))) return
    onStarted?.()
    onClose()
  }

  const data = isNothing ? undefined : estimate.data
  const isKnown = data !== undefined && !estimate.isPlaceholderData
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Evaluate again"
      description={explainWork({ kind: 'rerun' })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isBusy={isStarting}
            disabled={!isKnown || data.callCount === 0}
            onClick={() => void handleStart()}
          >
            {isKnown ? `Evaluate ${countOf(data.callCount, 'call')} again` : 'Evaluate again'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-[14px]">
        <div className="flex flex-col items-start gap-[6px]">
          <span aria-hidden="true" className="font-medium">
            Metrics
          </span>
          <Segmented label="Metrics" options={SCOPES} value={scope} onChange={setScope} />
          {scope === 'chosen' && (
            <MetricPicker metrics={judged} chosen={chosen} onChange={setChosen} />
          )}
        </div>
        {isNothing && <p className="text-ink-soft">Choose at least one metric.</p>}
        {!isNothing && estimate.error && (
          <LoadError
            title="What it takes could not be found out"
            error={estimate.error}
            onRetry={() => void estimate.refetch()}
          />
        )}
        {!isNothing && estimate.isPending && <Skeleton className="h-[120px] w-full" />}
        {data && (
          <dl
            aria-busy={estimate.isPlaceholderData}
            className="grid grid-cols-[auto_1fr] gap-x-[18px] gap-y-[3px] tabular-nums aria-busy:opacity-55"
          >
            {tellEstimate(data).map(({ name, value }) => (
              <div key={name} className="contents">
                <dt className="text-ink-soft">{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
        {data && data.skippedMetricCount > 0 && <NoJudge count={data.skippedMetricCount} />}
        {wanted && <OffNotice metrics={judged} chosen={chosen} />}
      </div>
    </Dialog>
  )
}

function NoJudge({ count }: { count: number }) {
  return (
    <p role="note" className="rounded-[6px] bg-warn-soft px-[10px] py-[8px] leading-[19px]">
      {count === 1 ? '1 metric needs' : `${count} metrics need`} a judge, and none is configured:
      they will be skipped. Set <code className="font-mono text-[12px]">JUDGE_URL</code> and{' '}
      <code className="font-mono text-[12px]">JUDGE_MODEL</code> and restart to judge by them too.
    </p>
  )
}

type OffNoticeProps = { metrics: readonly Metric[]; chosen: ReadonlySet<number> }

function OffNotice({ metrics, chosen }: OffNoticeProps) {
  const off = metrics.filter(({ id, isEnabled }) => chosen.has(id) && !isEnabled)
  if (off.length === 0) return null
  return (
    <p className="leading-[19px] text-ink-soft">
      {countOf(off.length, 'chosen metric')} {off.length === 1 ? 'is' : 'are'} off: new calls are
      not judged by {off.length === 1 ? 'it' : 'them'}, these calls are.
    </p>
  )
}
