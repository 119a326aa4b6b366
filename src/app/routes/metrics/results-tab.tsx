import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Metric, MetricStatistics } from '#contract/metric.ts'
import { metricQueries } from '../../api/metrics.ts'
import { countOf, formatCount } from '../../format/count.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { DayChart } from './day-chart.tsx'
import { dayPassRate, fillDays } from './day-series.ts'
import { DistributionChart } from './distribution-chart.tsx'
import { failuresHref, resultsHref } from './metric-links.ts'
import { formatShare, formatValue } from './metric-words.ts'

const WINDOWS = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
] as const

type WindowText = (typeof WINDOWS)[number]['value']

/** How a metric's results are spread, and how they moved. */
export function ResultsTab({ metric }: { metric: Metric }) {
  const [windowText, setWindow] = useState<WindowText>('30')
  const days = Number(windowText)
  const { data, error, refetch, isPlaceholderData } = useQuery(
    metricQueries.statistics({ id: metric.id, days }),
  )
  return (
    <div
      aria-busy={isPlaceholderData || undefined}
      className="flex max-w-[1080px] flex-col gap-[18px] p-[20px] max-md:p-[14px]"
    >
      <div>
        <Segmented label="Window" options={WINDOWS} value={windowText} onChange={setWindow} />
      </div>
      {!data && !error && <SkeletonRows rows={4} rowHeight={60} label="Loading the results" />}
      {!data && error && (
        <LoadError title="The results could not be loaded" error={error} onRetry={refetch} />
      )}
      {data && isEmpty(data) && (
        <EmptyState title={`No results in ${days} days`}>
          {metric.isEnabled
            ? 'New calls are judged by this metric as they arrive; judge older ones again to see them here.'
            : 'The metric is off: calls are not judged by it.'}
        </EmptyState>
      )}
      {data && !isEmpty(data) && <Results metric={metric} statistics={data} days={days} />}
    </div>
  )
}

function isEmpty({ scoredCount, skippedCount, failedCount }: MetricStatistics): boolean {
  return scoredCount + skippedCount + failedCount === 0
}

type ResultsProps = { metric: Metric; statistics: MetricStatistics; days: number }

function Results({ metric, statistics, days }: ResultsProps) {
  const { unit, evalType } = metric.content
  const { passRate, mean, bins } = statistics
  const series = fillDays(statistics.days, { now: new Date(), windowDays: days })
  return (
    <>
      <Figures metric={metric} statistics={statistics} days={days} />
      {!statistics.isExact && (
        <p className="text-warn">
          There are too many calls to count in time: the newest alone count here.
        </p>
      )}
      <div className="grid grid-cols-2 gap-[24px] max-lg:grid-cols-1">
        {bins.length > 0 && <DistributionChart bins={bins} unit={unit} />}
        {passRate !== null && (
          <DayChart
            title="Passed, by day"
            days={series}
            pick={dayPassRate}
            range={{ min: 0, max: 1 }}
            format={formatShare}
          />
        )}
        {mean !== null && evalType !== 'binary' && (
          <DayChart
            title="Mean, by day"
            days={series}
            pick={(day) => day.mean}
            range={null}
            format={(value) => formatValue(value, unit)}
          />
        )}
      </div>
    </>
  )
}

function Figures({ metric, statistics, days }: ResultsProps) {
  const { scoredCount, skippedCount, failedCount, passRate, mean, p50, p95 } = statistics
  const { unit, evalType } = metric.content
  const isNumber = evalType === 'numeric' || evalType === 'rating'
  const figures: [name: string, value: string | null][] = [
    ['Scored', formatCount(scoredCount)],
    ['Skipped', formatCount(skippedCount)],
    ['Broke', formatCount(failedCount)],
    ['Passed', passRate === null ? null : formatShare(passRate)],
    ['Mean', isNumber && mean !== null ? formatValue(mean, unit) : null],
    ['Median', isNumber && p50 !== null ? formatValue(p50, unit) : null],
    ['95 % are at most', isNumber && p95 !== null ? formatValue(p95, unit) : null],
  ]
  return (
    <div className="flex flex-wrap items-end gap-x-[28px] gap-y-[10px]">
      <dl className="flex flex-wrap gap-x-[28px] gap-y-[10px]">
        {figures.flatMap(([name, value]) =>
          value === null ? [] : [<Figure key={name} name={name} value={value} />],
        )}
      </dl>
      {passRate !== 1 && (
        <Link
          to={
            passRate === null
              ? resultsHref({ metricId: metric.id, days })
              : failuresHref({ metricId: metric.id, days })
          }
          className="inline-flex min-h-[24px] items-center text-accent hover:underline"
        >
          {passRate === null
            ? `The ${countOf(scoredCount, 'call')} in the list`
            : 'Calls that did not pass'}
        </Link>
      )}
    </div>
  )
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="text-[12px] text-ink-faint">{name}</dt>
      <dd className="text-[16px] font-semibold tabular-nums">{value}</dd>
    </div>
  )
}
