import type { MetricStatistics } from '#contract/metric.ts'
import { countOf, formatCount } from '../../format/count.ts'
import { formatScore } from '../../results/result-text.ts'
import { ChartTable } from './chart-table.tsx'

type Bin = MetricStatistics['bins'][number]

/** From here on only the ends of the axis are named. */
const NAMED_UP_TO = 8

type DistributionChartProps = { bins: readonly Bin[]; unit: string }

/** How often each value, or each stretch of values, occurred. */
export function DistributionChart({ bins, unit }: DistributionChartProps) {
  const most = Math.max(1, ...bins.map(({ count }) => count))
  const total = bins.reduce((sum, { count }) => sum + count, 0)
  const names = bins.map(({ label }) => label)
  const top = bins.reduce((best, bin) => (bin.count > best.count ? bin : best), bins[0] ?? NO_BIN)
  const title = 'How results are spread'
  return (
    <figure className="flex min-w-0 flex-col gap-[6px]">
      <figcaption className="font-semibold">
        {title}
        {unit !== '' && <span className="font-normal text-ink-faint"> in {unit}</span>}
      </figcaption>
      <div
        role="img"
        aria-label={`${countOf(total, 'result')}; most often ${top.label}, ${formatCount(top.count)} times`}
        className="flex h-[150px] items-end gap-[2px] border-b border-line-strong"
      >
        {bins.map((bin, index) => (
          <div
            key={names[index]}
            title={`${names[index]}: ${formatCount(bin.count)}`}
            className="flex h-full min-w-0 flex-1 items-end justify-center hover:bg-hover"
          >
            <div
              style={{ height: `${(bin.count / most) * 100}%` }}
              className="w-full max-w-[90px] rounded-t-[2px] bg-accent"
            />
          </div>
        ))}
      </div>
      <div
        aria-hidden="true"
        className="flex justify-between gap-[2px] text-[11px] text-ink-faint tabular-nums"
      >
        {bins.length <= NAMED_UP_TO ? (
          bins.map(({ label, count }) => (
            <span key={label} className="min-w-0 flex-1 truncate text-center">
              {label} <span className="text-ink">{formatCount(count)}</span>
            </span>
          ))
        ) : (
          <>
            <span>{edge(bins[0]?.from)}</span>
            <span>{edge(bins.at(-1)?.to)}</span>
          </>
        )}
      </div>
      <ChartTable
        caption={title}
        head={['Value', 'Calls']}
        rows={bins.map((bin, index) => [names[index] ?? '', formatCount(bin.count)])}
      />
    </figure>
  )
}

const NO_BIN: Bin = { from: null, to: null, label: '', count: 0 }

function edge(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : formatScore(value)
}
