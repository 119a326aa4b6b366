import { useId } from 'react'
import type { AgreementReport } from '#contract/agreement.ts'
import { countOf, formatCount } from '../../format/count.ts'
import { classNames } from '../../ui/class-names.ts'
import { formatShare } from './metric-words.ts'

type ConfusionTableProps = Pick<AgreementReport, 'labels' | 'confusion' | 'voteCount'>

const CELL = 'border border-line px-[8px] py-[5px]'

/** What the metric said against what people say, with the share of each row. */
export function ConfusionTable({ labels, confusion, voteCount }: ConfusionTableProps) {
  const id = useId()
  const unplacedCount = voteCount - sum(confusion.map(sum))
  return (
    <div className="flex min-w-0 flex-col gap-[6px]">
      <h2 id={id} className="font-semibold">
        What the metric said, and what people say
      </h2>
      <section
        aria-labelledby={id}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable box must be reachable by keyboard
        tabIndex={0}
        className="max-h-[420px] overflow-auto"
      >
        <table aria-labelledby={id} className="border-collapse tabular-nums">
          <thead>
            <tr className="text-left text-[12px] text-ink-soft">
              <th scope="col" className={classNames(CELL, 'font-medium')}>
                Metric
              </th>
              {labels.map((label) => (
                <th key={label} scope="col" className={classNames(CELL, 'font-medium')}>
                  People: {label}
                </th>
              ))}
              <th scope="col" className={classNames(CELL, 'text-right font-medium')}>
                Calls
              </th>
            </tr>
          </thead>
          <tbody>
            {labels.map((label, place) => (
              <Row key={label} label={label} labels={labels} counts={confusion[place] ?? []} />
            ))}
          </tbody>
        </table>
      </section>
      <p className="text-[12px] leading-[18px] text-ink-soft">
        Shares are of each row. Both say the same where a count stands in bold.
        {unplacedCount > 0 &&
          ` ${countOf(unplacedCount, 'vote')} ${unplacedCount === 1 ? 'says' : 'say'} only that it is wrong, not what would be right: not in the table, and not in kappa.`}
      </p>
    </div>
  )
}

type RowProps = { label: string; labels: readonly string[]; counts: readonly number[] }

function Row({ label, labels, counts }: RowProps) {
  const total = sum(counts)
  return (
    <tr>
      <th scope="row" className={classNames(CELL, 'text-left font-medium wrap-anywhere')}>
        {label}
      </th>
      {labels.map((column, place) => {
        const count = counts[place] ?? 0
        return (
          <td key={column} className={classNames(CELL, column === label && 'bg-selected')}>
            <span className={classNames(column === label && 'font-semibold')}>
              {formatCount(count)}
            </span>
            {count > 0 && (
              <span className="pl-[6px] text-[12px] text-ink-soft">
                {formatShare(count / total)}
              </span>
            )}
          </td>
        )
      })}
      <td className={classNames(CELL, 'text-right')}>{formatCount(total)}</td>
    </tr>
  )
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
