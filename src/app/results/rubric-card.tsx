import { Check, CircleDashed, X } from 'lucide-react'
import type { MetricResult } from '#contract/metric-result.ts'
import type { RubricFinding, RubricOutcome } from '#contract/rubric.ts'
import { Badge, type BadgeTone } from '../ui/badge.tsx'
import { actualWords, conditionWords } from './condition-words.ts'

type Look = { label: string; tone: BadgeTone; color: string; Icon: typeof Check }

const OUTCOME: Record<'passed' | 'failed' | 'skipped', Look> = {
  passed: { label: 'Success', tone: 'pass', color: 'text-pass', Icon: Check },
  failed: { label: 'Failure', tone: 'fail', color: 'text-fail', Icon: X },
  skipped: { label: 'Not evaluated', tone: 'idle', color: 'text-idle', Icon: CircleDashed },
}

export type RubricCardProps = {
  outcome: RubricOutcome
  /** Of the call, for units and labels. */
  results: readonly MetricResult[]
}

/** Why a call succeeded or failed: every condition with the value it looked at. */
export function RubricCard({ outcome, results }: RubricCardProps) {
  const { label, tone, Icon } = OUTCOME[keyOf(outcome.success)]
  const byMetric = new Map(results.map((result) => [result.metricId, result]))
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-[8px] gap-y-[2px]">
        <Badge tone={tone} icon={<Icon size={12} strokeWidth={2.25} aria-hidden="true" />}>
          {label}
        </Badge>
        <span className="text-[12px] text-ink-soft">{summaryOf(outcome)}</span>
      </p>
      <ul aria-label="Conditions" className="mt-[4px]">
        {outcome.findings.map((finding, index) => (
          <FindingLine
            // biome-ignore lint/suspicious/noArrayIndexKey: two rules may look at one metric, and none moves
            key={index}
            finding={finding}
            result={byMetric.get(finding.metricId) ?? null}
          />
        ))}
      </ul>
    </>
  )
}

type FindingLineProps = { finding: RubricFinding; result: MetricResult | null }

function FindingLine({ finding, result }: FindingLineProps) {
  const key = keyOf(finding.passed)
  const { Icon, color } = OUTCOME[key]
  const actual = actualWords(finding.actual, result)
  return (
    <li className="flex items-start gap-[7px] border-b border-line/70 py-[5px] leading-[18px] last:border-b-0">
      <Icon size={13} aria-hidden="true" className={`mt-[3px] shrink-0 ${color}`} />
      <p className="min-w-0 flex-1 wrap-anywhere">
        <span className="font-medium">{finding.metricName}</span>{' '}
        <span className="text-ink-soft">{conditionWords(finding, result)}</span>
        <span className="block text-[12px] text-ink-faint">
          {actual === null ? 'no value' : `was ${actual}`}: {key}
        </span>
      </p>
    </li>
  )
}

function keyOf(passed: boolean | null): keyof typeof OUTCOME {
  if (passed === null) return 'skipped'
  return passed ? 'passed' : 'failed'
}

function summaryOf({ logic, success, findings }: RubricOutcome): string {
  if (success === null) return 'No condition had a value to look at.'
  if (findings.length === 1) return 'One condition decides.'
  return logic === 'and' ? 'All conditions must hold.' : 'One condition must hold.'
}
