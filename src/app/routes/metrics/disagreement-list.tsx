import { ArrowRight } from 'lucide-react'
import { useId } from 'react'
import { Link } from 'react-router'
import type { Disagreement } from '#contract/agreement.ts'
import type { ExpectedValue } from '#contract/review.ts'
import { formatCount } from '../../format/count.ts'
import { formatFullDateTime, formatRelative } from '../../format/date.ts'
import { formatDuration } from '../../format/duration.ts'
import { momentHref } from './metric-links.ts'
import { formatValue } from './metric-words.ts'

type DisagreementListProps = {
  /** Newest first. */
  disagreements: readonly Disagreement[]
  unit: string
  /** Also of those that are not shown. */
  totalCount: number
}

/** What people did not find right, to listen to. */
export function DisagreementList({ disagreements, unit, totalCount }: DisagreementListProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex flex-col gap-[4px]">
      <h2 id={id} className="flex items-baseline gap-[6px] font-semibold">
        Disagreements to listen to
        <span className="text-[12px] font-normal text-ink-faint tabular-nums">
          {formatCount(totalCount)}
        </span>
      </h2>
      {disagreements.length === 0 && (
        <p className="text-ink-soft">People found every result right that they voted on.</p>
      )}
      <ul className="max-w-[760px]">
        {disagreements.map((disagreement) => (
          <DisagreementRow key={disagreement.callId} disagreement={disagreement} unit={unit} />
        ))}
      </ul>
      {totalCount > disagreements.length && (
        <p className="text-[12px] text-ink-soft">
          The newest {formatCount(disagreements.length)} of {formatCount(totalCount)}.
        </p>
      )}
    </section>
  )
}

type DisagreementRowProps = { disagreement: Disagreement; unit: string }

function DisagreementRow({ disagreement, unit }: DisagreementRowProps) {
  const { callName, atSeconds, saidValue, note, explanation } = disagreement
  return (
    <li className="border-b border-line/70 py-[8px] leading-[20px] last:border-b-0">
      <p className="flex flex-wrap items-baseline gap-x-[10px]">
        <Link
          to={momentHref(disagreement)}
          className="inline-flex min-h-[24px] items-center text-accent wrap-anywhere hover:underline"
        >
          {callName}
          {atSeconds !== null && ` at ${formatDuration(atSeconds)}`}
        </Link>
        <span className="inline-flex flex-wrap items-center gap-x-[6px]">
          <span className="sr-only">The metric said </span>
          {valueText(saidValue, unit)}
          <ArrowRight size={13} role="img" aria-label="people say" />
          <span className="font-medium">{expectedText(disagreement, unit)}</span>
        </span>
      </p>
      {note !== '' && <p className="whitespace-pre-line wrap-anywhere">“{note}”</p>}
      {explanation !== '' && (
        <p className="line-clamp-3 text-ink-soft wrap-anywhere">Metric: {explanation}</p>
      )}
      <Origin disagreement={disagreement} />
    </li>
  )
}

function Origin({ disagreement }: { disagreement: Disagreement }) {
  const { reviewer, createdAt, metricVersion } = disagreement
  return (
    <p className="text-[12px] text-ink-faint">
      {reviewer}, <span title={formatFullDateTime(createdAt)}>{formatRelative(createdAt)}</span>
      {metricVersion !== null && `, on version ${metricVersion}`}
    </p>
  )
}

/** Who finds a yes wrong says no. */
function expectedText({ saidValue, expectedValue }: Disagreement, unit: string): string {
  if (expectedValue !== null) return valueText(expectedValue, unit)
  return typeof saidValue === 'boolean' ? valueText(!saidValue, unit) : 'wrong'
}

function valueText(value: ExpectedValue, unit: string): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  return typeof value === 'number' ? formatValue(value, unit) : value
}
