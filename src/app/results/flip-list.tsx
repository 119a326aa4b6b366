import { ArrowRight } from 'lucide-react'
import type { Flip } from '#contract/evaluation-run.ts'
import { ResultBadge } from './result-badge.tsx'
import { resultText } from './result-text.ts'

/** Results that a rerun turned, before and after. */
export function FlipList({ flips }: { flips: readonly Flip[] }) {
  return (
    <ul aria-label="Results that changed" className="flex flex-col gap-[4px]">
      {flips.map(({ metricId, metricName, before, after }) => (
        <li key={metricId} className="leading-[20px]">
          <p className="font-medium">{metricName}</p>
          <p className="flex flex-wrap items-center gap-[6px]">
            <ResultBadge result={before} />
            <span>{resultText(before)}</span>
            <ArrowRight size={13} aria-label="became" role="img" />
            <ResultBadge result={after} />
            <span>{resultText(after)}</span>
          </p>
        </li>
      ))}
    </ul>
  )
}
