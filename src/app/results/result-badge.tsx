import { Check, CircleDashed, Minus, TriangleAlert, X } from 'lucide-react'
import type { MetricResult } from '#contract/metric-result.ts'
import { Badge, type BadgeTone } from '../ui/badge.tsx'
import { outcomeOf, type ResultOutcome } from './result-outcome.ts'
import { skipText } from './result-text.ts'

type Look = { label: string; tone: BadgeTone; Icon: typeof Check }

const LOOK: Record<ResultOutcome, Look> = {
  passed: { label: 'Passed', tone: 'pass', Icon: Check },
  failed: { label: 'Failed', tone: 'fail', Icon: X },
  neutral: { label: 'Info', tone: 'idle', Icon: Minus },
  skipped: { label: 'Skipped', tone: 'idle', Icon: CircleDashed },
  broken: { label: 'Error', tone: 'warn', Icon: TriangleAlert },
}

export type ResultBadgeProps = {
  result: Pick<MetricResult, 'state' | 'passed' | 'skipReason'>
}

/** What a result means, by icon and word. */
export function ResultBadge({ result }: ResultBadgeProps) {
  const outcome = outcomeOf(result)
  const { label, tone, Icon } = LOOK[outcome]
  return (
    <Badge tone={tone} icon={<Icon size={12} strokeWidth={2.25} aria-hidden="true" />}>
      {outcome === 'skipped' ? skipText(result.skipReason) : label}
    </Badge>
  )
}
