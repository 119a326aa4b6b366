import { Check, CheckCheck, CircleDashed, LoaderCircle, X } from 'lucide-react'
import type { CallStatus } from '#contract/call.ts'
import { Badge, type BadgeTone } from '../ui/badge.tsx'

type Look = { label: string; tone: BadgeTone; Icon: typeof Check }

const LOOK: Record<CallStatus | 'not-evaluated', Look> = {
  evaluating: { label: 'Evaluating', tone: 'idle', Icon: LoaderCircle },
  'not-evaluated': { label: 'Not evaluated', tone: 'idle', Icon: CircleDashed },
  success: { label: 'Success', tone: 'pass', Icon: Check },
  failure: { label: 'Failure', tone: 'fail', Icon: X },
  reviewed_success: { label: 'Success, reviewed', tone: 'pass', Icon: CheckCheck },
  reviewed_failure: { label: 'Failure, reviewed', tone: 'fail', Icon: CheckCheck },
}

/**
 * What a call's status means to a reader. A judge's `success` or `failure` where nothing was judged is
 * "not evaluated": a call nobody looked at has not passed. A person's verdict always counts.
 */
export function effectiveStatus({ status, isJudged }: StatusBadgeProps): keyof typeof LOOK {
  const isMachineVerdict = status === 'success' || status === 'failure'
  return isMachineVerdict && !isJudged ? 'not-evaluated' : status
}

/** The words of a status, for filters and screen readers. */
export function statusLabel(status: keyof typeof LOOK): string {
  return LOOK[status].label
}

export type StatusBadgeProps = { status: CallStatus; isJudged: boolean }

export function StatusBadge(props: StatusBadgeProps) {
  const { label, tone, Icon } = LOOK[effectiveStatus(props)]
  return (
    <Badge tone={tone} icon={<Icon size={12} strokeWidth={2.25} aria-hidden="true" />}>
      {label}
    </Badge>
  )
}
