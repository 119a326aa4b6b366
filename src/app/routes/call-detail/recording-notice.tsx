import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { CallDetail } from '#contract/call.ts'
import { useRetryRecording } from '../../api/call-changes.ts'
import { Button } from '../../ui/button.tsx'
import { Spinner } from '../../ui/spinner.tsx'

/** Why there is no recording, or not all of it, yet. Nothing for one that is ready. */
export function RecordingNotice({ call }: { call: CallDetail }) {
  switch (call.recordingState) {
    case 'ready':
      return null
    case 'none':
      return <Line>No recording came with this call.</Line>
    case 'waiting':
      return (
        <Line icon={<Spinner />}>The recording is being fetched. It appears here by itself.</Line>
      )
    case 'analysing':
      return <Line icon={<Spinner />}>The waveform is being drawn. You can listen already.</Line>
    case 'failed':
      return <Failed call={call} />
    default:
      return call.recordingState satisfies never
  }
}

function Line({ icon, children }: { icon?: ReactNode; children: ReactNode }) {
  return (
    <p
      role="status"
      className="flex min-h-[24px] items-center gap-[8px] pb-[4px] text-[13px] text-ink-soft"
    >
      {icon}
      {children}
    </p>
  )
}

function Failed({ call }: { call: CallDetail }) {
  const retry = useRetryRecording()
  return (
    <div className="flex flex-wrap items-center gap-x-[10px] gap-y-[6px] pb-[6px] text-[13px]">
      <TriangleAlert size={15} aria-hidden="true" className="shrink-0 text-fail" />
      <p role="alert" className="min-w-0 flex-1 break-words">
        <span className="font-medium">{failureTitle(call)}</span>{' '}
        <span className="text-ink-soft">{retry.error?.message ?? call.errorMessage}</span>
      </p>
      <Button size="small" isBusy={retry.isPending} onClick={() => retry.mutate(call.id)}>
        Try again
      </Button>
    </div>
  )
}

function failureTitle({ recording, recordingUrl }: CallDetail): string {
  if (recordingUrl === null) return 'The recording could not be read.'
  return recording ? 'The recording could not be analysed.' : 'The recording could not be fetched.'
}
