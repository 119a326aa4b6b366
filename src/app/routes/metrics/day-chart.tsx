import { countOf } from '../../format/count.ts'
import { formatDate } from '../../format/date.ts'
import { ChartTable } from './chart-table.tsx'
import { type Day, toRuns } from './day-series.ts'

type DayChartProps = {
  title: string
  /** Every day of the window, in order. */
  days: readonly Day[]
  pick: (day: Day) => number | null
  /** Null: from zero, or the lowest value below it, to the highest. */
  range: { min: number; max: number } | null
  format: (value: number) => string
}

/** A value over days: a line, broken where days have none. */
export function DayChart({ title, days, pick, range, format }: DayChartProps) {
  const values = days.map(pick)
  const known = values.filter((value) => value !== null)
  const min = range?.min ?? Math.min(0, ...known)
  const max = range?.max ?? (Math.max(min, ...known) || 1)
  const x = (index: number) => ((index + 0.5) / days.length) * 100
  const y = (value: number) => (max === min ? 50 : (1 - (value - min) / (max - min)) * 100)
  const [first, last] = [known[0], known.at(-1)]

  return (
    <figure className="flex min-w-0 flex-col gap-[6px]">
      <figcaption className="font-semibold">{title}</figcaption>
      <div className="flex gap-[8px]">
        <div
          aria-hidden="true"
          className="-my-[7px] flex flex-col justify-between text-right text-[11px] leading-[14px] text-ink-faint tabular-nums"
        >
          <span>{format(max)}</span>
          <span>{format(min)}</span>
        </div>
        <div className="relative h-[150px] flex-1">
          <svg
            role="img"
            aria-label={
              first === undefined || last === undefined
                ? `${title}: no values`
                : `${title}: from ${format(first)} to ${format(last)} on ${countOf(known.length, 'day')} with results`
            }
            viewBox="0 0 100 100"
            preserveAspectRatio="none"
            className="absolute inset-0 size-full overflow-visible text-accent"
          >
            {[0, 50, 100].map((height) => (
              <path
                key={height}
                d={`M0 ${height}H100`}
                stroke="var(--line)"
                vectorEffect="non-scaling-stroke"
              />
            ))}
            {toRuns(values).map((run) => (
              <polyline
                key={run[0]?.index}
                points={run.map(({ index, value }) => `${x(index)},${y(value)}`).join(' ')}
                fill="none"
                stroke="currentColor"
                strokeWidth="1.75"
                strokeLinejoin="round"
                vectorEffect="non-scaling-stroke"
              />
            ))}
          </svg>
          {/* The drawing is stretched, and dots in it would be ovals. */}
          <div aria-hidden="true" className="absolute inset-0 flex">
            {days.map((day, index) => (
              <DayColumn
                key={day.day}
                day={day}
                value={values[index] ?? null}
                top={y}
                format={format}
              />
            ))}
          </div>
        </div>
      </div>
      <div aria-hidden="true" className="flex justify-between text-[11px] text-ink-faint">
        <span>{formatDate(days[0]?.day ?? '', { timeZone: 'UTC' })}</span>
        <span>{formatDate(days.at(-1)?.day ?? '', { timeZone: 'UTC' })}</span>
      </div>
      <ChartTable
        caption={title}
        head={['Day (UTC)', 'Value']}
        rows={days.flatMap((day, index) => {
          const value = values[index]
          return value === null || value === undefined
            ? []
            : [
                [
                  formatDate(day.day, { timeZone: 'UTC' }),
                  `${format(value)} of ${countOf(day.count, 'call')}`,
                ],
              ]
        })}
      />
    </figure>
  )
}

type DayColumnProps = {
  day: Day
  value: number | null
  top: (value: number) => number
  format: (value: number) => string
}

function DayColumn({ day, value, top, format }: DayColumnProps) {
  if (value === null) return <span className="h-full flex-1" />
  const words = `${formatDate(day.day, { timeZone: 'UTC' })}: ${format(value)} of ${countOf(day.count, 'call')}`
  return (
    <span title={words} className="relative h-full flex-1 hover:bg-ink/6">
      <span
        style={{ top: `${top(value)}%` }}
        className="absolute left-1/2 size-[5px] -translate-x-1/2 -translate-y-1/2 rounded-full bg-accent"
      />
    </span>
  )
}
