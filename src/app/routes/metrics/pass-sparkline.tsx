import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Link } from 'react-router'
import { metricQueries } from '../../api/metrics.ts'
import { countOf } from '../../format/count.ts'
import { dayPassRate, fillDays, toRuns } from './day-series.ts'
import { formatShare } from './metric-words.ts'

const WINDOW_DAYS = 30

type PassSparklineProps = { metricId: number; name: string; isOn: boolean }

/** The share that passed, over the last days. Asked for once the row has been in view. */
export function PassSparkline({ metricId, name, isOn }: PassSparklineProps) {
  const cell = useRef<HTMLSpanElement>(null)
  const isSeen = useSeen(cell)
  const { data } = useQuery({
    ...metricQueries.statisticsInTurn({ id: metricId, days: WINDOW_DAYS }),
    enabled: isSeen,
  })
  return (
    <span ref={cell} className="relative z-1 inline-flex h-[26px] min-w-[110px] items-center">
      {data && data.scoredCount === 0 && (
        <span className="text-[12px] text-ink-faint">{isOn ? 'No results' : 'Off'}</span>
      )}
      {data && data.scoredCount > 0 && (
        <Link
          to={`/metrics/${metricId}?tab=results`}
          aria-label={`Results of ${name}: ${spokenRate(data)}`}
          className="inline-flex h-[26px] items-center gap-[8px] rounded-[4px] text-[12px] text-ink-soft hover:text-ink"
        >
          {data.passRate !== null && (
            <Line
              rates={fillDays(data.days, { now: new Date(), windowDays: WINDOW_DAYS }).map(
                dayPassRate,
              )}
            />
          )}
          <span className="tabular-nums">
            {data.passRate === null
              ? countOf(data.scoredCount, 'result')
              : formatShare(data.passRate)}
          </span>
        </Link>
      )}
    </span>
  )
}

function spokenRate({ passRate, scoredCount }: { passRate: number | null; scoredCount: number }) {
  const results = `${countOf(scoredCount, 'result')} in ${WINDOW_DAYS} days`
  return passRate === null ? results : `${formatShare(passRate)} passed, ${results}`
}

/** A day alone is a short stroke, since a point would not be drawn. */
function Line({ rates }: { rates: readonly (number | null)[] }) {
  const x = (index: number) => ((index + 0.5) / rates.length) * 64
  const y = (rate: number) => 2 + (1 - rate) * 16
  return (
    <svg width="64" height="20" viewBox="0 0 64 20" aria-hidden="true" className="text-accent">
      <path d="M0 19.5H64" stroke="var(--line)" />
      {toRuns(rates).map((run) => (
        <polyline
          key={run[0]?.index}
          points={run
            .flatMap(({ index, value }) =>
              run.length === 1
                ? [`${x(index) - 1},${y(value)}`, `${x(index) + 1},${y(value)}`]
                : [`${x(index)},${y(value)}`],
            )
            .join(' ')}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinecap="round"
        />
      ))}
    </svg>
  )
}

/** Whether the element has ever been in view. */
function useSeen(ref: { current: HTMLElement | null }): boolean {
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (!element || isSeen) return
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setSeen(true), {
      rootMargin: '120px',
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref, isSeen])
  return isSeen
}
