import { ChevronRight } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import type { Metric } from '#contract/metric.ts'
import type { Verdict } from '#contract/metric-result.ts'
import { classNames } from '../ui/class-names.ts'
import { DirectionHint } from './direction-hint.tsx'
import { EvidenceList } from './evidence-list.tsx'
import { Explanation } from './explanation.tsx'
import { ResultBadge } from './result-badge.tsx'
import { outcomeOf } from './result-outcome.ts'
import { resultText } from './result-text.ts'
import { verdictFacts } from './verdict-facts.ts'

/** Where the agent departed from what it was told. */
export type Deviation = NonNullable<Verdict['extra']['categories']>[number]

export type MetricRowProps = {
  verdict: Verdict
  /** Null where the metric is not known, or not yet. */
  metric: Metric | null
  isOpen: boolean
  onToggle: () => void
  durationSeconds: number | null
  onSeek: (seconds: number) => void
  /** Place of the evidence that the transcript shows; null for none of this metric's. */
  shownIndex: number | null
  onShowEvidence: (index: number) => void
  /** How far people agree with the metric: in a few words for the line, and in full. */
  trustMark?: ReactNode
  trust?: ReactNode
  /** Where people have voted, in a few words for the line. */
  voteMark?: ReactNode
  /** What people say of a deviation; beside its category. */
  toDeviationMark?: (deviation: Deviation) => ReactNode
  /** What can be done about it; below everything else. */
  children?: ReactNode
}

/** One metric: what came out in a line, and behind it why, on what grounds and from where. */
export function MetricRow(props: MetricRowProps) {
  const { verdict, metric, isOpen, onToggle } = props
  const id = useId()
  const outcome = outcomeOf(verdict)
  const isQuiet = outcome === 'skipped' || outcome === 'broken'
  const hasValue = !isQuiet && !isSaidByBadge(verdict, metric)
  const direction = hasValue && metric ? metric.direction : 'neutral'
  const hasLine =
    Boolean(props.voteMark) ||
    outcome !== 'neutral' ||
    (direction !== 'neutral' && verdict.evalType !== 'enum')
  return (
    <li className="border-b border-line/70 last:border-b-0">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onMouseDown={(event) => event.preventDefault()}
        onClick={onToggle}
        className="flex min-h-[34px] w-full items-start gap-[5px] rounded-[4px] py-[6px] text-left hover:bg-hover"
      >
        <ChevronRight
          size={13}
          aria-hidden="true"
          className={classNames('mt-[4px] shrink-0 text-ink-faint', isOpen && 'rotate-90')}
        />
        <span className="min-w-0 flex-1">
          <span className="flex items-start gap-[10px] leading-[20px]">
            <span
              className={classNames(
                'min-w-0 flex-1 font-medium wrap-anywhere',
                isQuiet && 'text-ink-soft',
              )}
            >
              {verdict.name}
            </span>
            {hasValue && (
              <span className="max-w-[50%] shrink-0 text-right wrap-anywhere tabular-nums">
                {resultText(verdict)}
              </span>
            )}
          </span>
          {hasLine && (
            <span className="flex flex-wrap items-center gap-x-[8px] gap-y-[2px] pt-[1px]">
              {outcome !== 'neutral' && <ResultBadge result={verdict} />}
              <DirectionHint direction={direction} evalType={verdict.evalType} />
              {props.trustMark}
              {props.voteMark}
            </span>
          )}
        </span>
      </button>
      <div id={id} hidden={!isOpen} className="pb-[10px] pl-[18px]">
        {isOpen && <MetricBody {...props} />}
      </div>
    </li>
  )
}

/**
 * Where yes is what is hoped for, passed and failed say it all, and "Hallucination: Yes" would say the reverse of what
 * it means.
 */
function isSaidByBadge({ evalType, passed }: Verdict, metric: Metric | null): boolean {
  return evalType === 'binary' && passed !== null && metric?.direction === 'higher'
}

function MetricBody(props: MetricRowProps) {
  const { verdict, metric, durationSeconds, onSeek, shownIndex, onShowEvidence, children } = props
  return (
    <div className="flex flex-col gap-[8px]">
      <Explanation
        text={verdict.explanation}
        durationSeconds={durationSeconds}
        onSeek={onSeek}
        className={verdict.state === 'skipped' ? 'text-ink-faint!' : ''}
      />
      <Deviations verdict={verdict} toMark={props.toDeviationMark} />
      <EvidenceList evidence={verdict.evidence} shownIndex={shownIndex} onShow={onShowEvidence} />
      {verdict.id !== null && props.trust}
      {verdict.id !== null && <Details verdict={verdict} metric={metric} />}
      {children}
    </div>
  )
}

const PRIORITY_WORDS = {
  critical: 'critical',
  'non-critical': 'not critical',
  not_a_bug: 'not a bug',
}

type DeviationsProps = { verdict: Verdict; toMark: MetricRowProps['toDeviationMark'] }

/** Of instruction following: where the agent departed from what it was told. */
function Deviations({ verdict, toMark }: DeviationsProps) {
  const deviations = verdict.extra.categories ?? []
  if (deviations.length === 0) return null
  return (
    <ul aria-label="Deviations" className="flex list-disc flex-col gap-[3px] pl-[16px]">
      {deviations.map((each) => (
        <li key={`${each.category_id} ${each.deviation}`} className="leading-[18px] wrap-anywhere">
          {each.deviation}
          <span className="flex flex-wrap items-center gap-x-[8px] text-[12px] text-ink-soft">
            {each.category}, {PRIORITY_WORDS[each.priority]}
            {toMark?.(each)}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Details({ verdict, metric }: { verdict: Verdict; metric: Metric | null }) {
  const isScript = metric?.content.kind === 'custom_code'
  return (
    <details className="text-[12px] [&[open]>summary>svg]:rotate-90">
      <summary className="flex min-h-[24px] w-fit cursor-pointer list-none items-center gap-[3px] rounded-[4px] text-ink-soft hover:text-ink">
        <ChevronRight size={12} aria-hidden="true" className="shrink-0" />
        Details
      </summary>
      <dl className="flex flex-col gap-[2px] pt-[2px]">
        {verdictFacts(verdict, { isScript }).map(({ name, value }) => (
          <div key={name} className="grid grid-cols-[82px_minmax(0,1fr)] gap-[8px] leading-[18px]">
            <dt className="text-ink-faint">{name}</dt>
            <dd className="wrap-anywhere tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
