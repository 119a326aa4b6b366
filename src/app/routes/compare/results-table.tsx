import { Equal, type LucideIcon, Minus, Shuffle, TrendingDown, TrendingUp } from 'lucide-react'
import type { Verdict } from '#contract/metric-result.ts'
import { ResultBadge } from '../../results/result-badge.tsx'
import { outcomeOf } from '../../results/result-outcome.ts'
import { resultText } from '../../results/result-text.ts'
import { classNames } from '../../ui/class-names.ts'
import type { Change, ComparedMetric } from './compare-rows.ts'

const CHANGES: Record<Change, { label: string; Icon: LucideIcon; tone: string }> = {
  worse: { label: 'Worse', Icon: TrendingDown, tone: 'text-fail' },
  better: { label: 'Better', Icon: TrendingUp, tone: 'text-pass' },
  other: { label: 'Different', Icon: Shuffle, tone: 'text-ink' },
  same: { label: 'Same', Icon: Equal, tone: 'text-ink-faint' },
  missing: { label: 'On one call only', Icon: Minus, tone: 'text-ink-faint' },
}

/** What every metric said of both calls, what changed first. */
export function ResultsTable({ rows }: { rows: readonly ComparedMetric[] }) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full min-w-[560px] border-collapse text-left tabular-nums">
        <caption className="sr-only">Results of both calls</caption>
        <thead>
          <tr className="border-b border-line text-[12px] text-ink-faint">
            {['Metric', 'Before', 'After', 'Change'].map((title) => (
              <th key={title} scope="col" className="px-[8px] py-[6px] font-medium">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ metricId, name, before, after, change }) => (
            <tr key={metricId} className="border-b border-line/70 align-top last:border-b-0">
              <th scope="row" className="px-[8px] py-[7px] font-medium wrap-anywhere">
                {name}
              </th>
              <ResultCell verdict={before} />
              <ResultCell verdict={after} />
              <ChangeCell change={change} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function ResultCell({ verdict }: { verdict: Verdict | null }) {
  if (verdict === null) return <td className="px-[8px] py-[7px] text-ink-faint">No result</td>
  return (
    <td className="px-[8px] py-[7px]" title={verdict.explanation || undefined}>
      <span className="flex flex-wrap items-center gap-[6px]">
        {outcomeOf(verdict) !== 'neutral' && <ResultBadge result={verdict} />}
        {resultText(verdict)}
      </span>
    </td>
  )
}

function ChangeCell({ change }: { change: Change }) {
  const { label, Icon, tone } = CHANGES[change]
  return (
    <td className={classNames('px-[8px] py-[7px]', tone)}>
      <span className="flex items-center gap-[5px] whitespace-nowrap">
        <Icon size={14} aria-hidden="true" />
        {label}
      </span>
    </td>
  )
}
