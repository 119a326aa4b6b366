import { Captions, Check, CheckCheck, CircleDashed, LoaderCircle, X } from 'lucide-react'
import type { CallStatus, CallSummary } from '#contract/call.ts'
import { Badge, type BadgeTone } from '../ui/badge.tsx'

type Look = { label: string; tone: BadgeTone; Icon: typeof Check }

const LOOK: Record<CallStatus | 'not-evaluated' | 'needs-transcription', Look> = {
  'needs-transcription': { label: 'Needs transcription', tone: 'idle', Icon: Captions },
  evaluating: { label: 'Evaluating', tone: 'idle', Icon: LoaderCircle },
  'not-evaluated': { label: 'Not evaluated', tone: 'idle', Icon: CircleDashed },
  success: { label: 'Success', tone: 'pass', Icon: Check },
  failure: { label: 'Failure', tone: 'fail', Icon: X },
  reviewed_success: { label: 'Success, reviewed', tone: 'pass', Icon: CheckCheck },
  reviewed_failure: { label: 'Failure, reviewed', tone: 'fail', Icon: CheckCheck },
}

type Outcome = Pick<CallSummary, 'status' | 'isJudged'>

/**
 * What a call's status means to a reader. A judge's `success` or `failure` where nothing was judged is
 * "not evaluated": a call nobody looked at has not passed. A person's verdict always counts.
 */
export function effectiveStatus({ status, isJudged }: Outcome): CallStatus | 'not-evaluated' {
  const isMachineVerdict = status === 'success' || status === 'failure'
  return isMachineVerdict && !isJudged ? 'not-evaluated' : status
}

/** The words of a status, for filters and screen readers. */
export function statusLabel(status: CallStatus | 'not-evaluated'): string {
  return LOOK[status].label
}

export type StatusBadgeProps = {
  call: Pick<CallSummary, 'status' | 'isJudged' | 'transcriptState'>
}

/** A call that waits for its words is not being evaluated, and says what it waits for. */
export function StatusBadge({ call }: StatusBadgeProps) {
  const isWaiting = call.status === 'evaluating' && call.transcriptState === 'needs-transcription'
  const { label, tone, Icon } = LOOK[isWaiting ? 'needs-transcription' : effectiveStatus(call)]
  return (
    <Badge tone={tone} icon={<Icon size={12} strokeWidth={2.25} aria-hidden="true" />}>
      {label}
    </Badge>
  )
}
