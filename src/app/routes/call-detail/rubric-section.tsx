import { useEffect, useRef } from 'react'
import { Link, useLocation } from 'react-router'
import type { CallDetail } from '#contract/call.ts'
import type { Verdict } from '#contract/metric-result.ts'
import type { RubricOutcome } from '#contract/rubric.ts'
import { RubricCard } from '../../results/rubric-card.tsx'

/** Where "why" in the header leads. */
export const RUBRIC_ANCHOR = 'rubric'

export type RubricSectionProps = {
  call: Pick<CallDetail, 'isReviewed'>
  rubric: RubricOutcome | null
  results: readonly Verdict[]
}

export function RubricSection({ call, rubric, results }: RubricSectionProps) {
  const section = useRef<HTMLElement>(null)
  const { hash, key } = useLocation()
  useEffect(() => {
    // `key`: asking again for what is in the address already leads there too.
    if (hash !== `#${RUBRIC_ANCHOR}` || key === '') return
    section.current?.scrollIntoView({ block: 'nearest' })
    section.current?.focus({ preventScroll: true })
  }, [hash, key])

  return (
    <section
      ref={section}
      id={RUBRIC_ANCHOR}
      tabIndex={-1}
      aria-label="Rubric"
      className="scroll-mt-[calc(var(--cover)+44px)] outline-none focus-visible:outline-2"
    >
      <h2 className="mb-[4px] font-semibold">Rubric</h2>
      {rubric && rubric.findings.length > 0 ? (
        <RubricCard outcome={rubric} results={results} />
      ) : (
        <p className="leading-[19px] text-ink-soft">
          No conditions decide the outcome yet.{' '}
          <Link to="/metrics" className="text-accent underline">
            Set up the rubric
          </Link>
        </p>
      )}
      {call.isReviewed && (
        <p className="mt-[2px] text-[12px] text-ink-soft">
          A person has reviewed this call; their verdict counts.
        </p>
      )}
    </section>
  )
}
