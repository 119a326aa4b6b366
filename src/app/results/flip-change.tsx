import { ArrowRight } from 'lucide-react'
import type { Flip } from '#contract/evaluation-run.ts'
import { ResultBadge } from './result-badge.tsx'
import { resultText } from './result-text.ts'

/** A result before and after, on one line where there is room. */
export function FlipChange({ before, after }: Pick<Flip, 'before' | 'after'>) {
  return (
    <span className="flex flex-wrap items-center gap-[6px] tabular-nums">
      <ResultBadge result={before} />
      <span>{resultText(before)}</span>
      <ArrowRight size={13} role="img" aria-label="became" className="text-ink-faint" />
      <ResultBadge result={after} />
      <span>{resultText(after)}</span>
    </span>
  )
}
