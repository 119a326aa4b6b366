import { Check, CircleDashed, TriangleAlert, X } from 'lucide-react'
import type { MetricResult } from '#contract/metric-result.ts'
import { outcomeOf, type ResultOutcome } from '../../results/result-outcome.ts'
import { resultText, skipText } from '../../results/result-text.ts'
import { classNames } from '../../ui/class-names.ts'
import { metricColumn } from '../../view-state/column-preferences.ts'
import { TextCell } from './cells.tsx'
import { type ListColumn, METRIC_COLUMN_WIDTH } from './columns.tsx'

/** The column of one metric's results. */
export function toMetricColumn({ id, name }: { id: number; name: string }): ListColumn {
  return {
    id: metricColumn(id),
    label: name,
    usualWidth: METRIC_COLUMN_WIDTH,
    isText: true,
    isNumeric: true,
    drawCell: ({ results }) => (
      <MetricCell result={results.find(({ metricId }) => metricId === id) ?? null} />
    ),
  }
}

type Look = { Icon: typeof Check; iconTone: string; textTone: string }

const LOOK: Record<ResultOutcome, Look | null> = {
  passed: { Icon: Check, iconTone: 'text-pass', textTone: '' },
  failed: { Icon: X, iconTone: 'text-fail', textTone: 'text-ink' },
  neutral: null,
  skipped: { Icon: CircleDashed, iconTone: '', textTone: 'text-ink-faint' },
  broken: { Icon: TriangleAlert, iconTone: 'text-warn', textTone: 'text-ink' },
}

/** Where the value does not say by itself how it is to be read. */
const ICON_LABEL: Partial<Record<ResultOutcome, string>> = { passed: 'Passed', failed: 'Failed' }

/** A value in its unit; whether it is good is told by icon and word. Without a result the call was not judged by it. */
function MetricCell({ result }: { result: MetricResult | null }) {
  if (!result) return <TextCell text="" />
  const outcome = outcomeOf(result)
  const look = LOOK[outcome]
  const iconLabel = ICON_LABEL[outcome]
  // Above the link that fills the row, so that the pointer finds the reason.
  return (
    <span className={classNames('relative z-1', look?.textTone)} title={reasonOf(result)}>
      {look && (
        <look.Icon
          size={12}
          strokeWidth={2.25}
          {...(iconLabel ? { role: 'img', 'aria-label': iconLabel } : { 'aria-hidden': true })}
          className={classNames('mr-[4px] inline align-[-1.5px]', look.iconTone)}
        />
      )}
      {outcome === 'skipped' ? 'Skipped' : resultText(result)}
    </span>
  )
}

/** Longer texts are read on the page of the call. */
const LONGEST_REASON = 240

function reasonOf({ name, state, skipReason, explanation }: MetricResult): string {
  const cut =
    explanation.length > LONGEST_REASON ? `${explanation.slice(0, LONGEST_REASON)}…` : explanation
  const reasons = [state === 'skipped' ? skipText(skipReason) : '', cut]
  const reason = reasons.filter((text) => text !== '').join('. ')
  return reason === '' ? name : `${name}: ${reason}`
}
