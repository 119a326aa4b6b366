import { AudioLines, CaptionsOff, CloudDownload, TriangleAlert, VolumeOff } from 'lucide-react'
import type { ReactNode } from 'react'
import type { CallSummary, RecordingState } from '#contract/call.ts'
import { classNames } from '../../ui/class-names.ts'

type RecordingMark = { label: string; Icon: typeof AudioLines }

const RECORDING: Record<RecordingState, RecordingMark | null> = {
  none: { label: 'No recording', Icon: VolumeOff },
  waiting: { label: 'Waiting for the recording', Icon: CloudDownload },
  analysing: { label: 'Analysing the recording', Icon: AudioLines },
  ready: null,
  failed: { label: 'The recording failed', Icon: VolumeOff },
}

const UNDER_WAY: ReadonlySet<RecordingState> = new Set(['waiting', 'analysing'])

/** What is missing, under way or wrong with a call. Nothing for a call that is complete. */
export function StateMarks({ call }: { call: CallSummary }) {
  const recording = RECORDING[call.recordingState]
  if (isComplete(call)) return null
  return (
    <span className="flex min-w-0 items-center gap-[7px] text-ink-faint">
      {call.errorMessage && <ErrorMark message={call.errorMessage} />}
      {recording && !call.errorMessage && (
        <Mark label={recording.label}>
          <recording.Icon
            size={14}
            className={classNames(
              UNDER_WAY.has(call.recordingState) && 'animate-pulse text-accent',
            )}
          />
        </Mark>
      )}
      {call.transcriptState === 'needs-transcription' && (
        <Mark label="Needs transcription">
          <CaptionsOff size={14} />
        </Mark>
      )}
      {call.isDemo && <span className="shrink-0 text-[12px]">Demo</span>}
    </span>
  )
}

function isComplete(call: CallSummary): boolean {
  return (
    !call.errorMessage &&
    !RECORDING[call.recordingState] &&
    call.transcriptState !== 'needs-transcription' &&
    !call.isDemo
  )
}

function Mark({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span role="img" aria-label={label} title={label} className="relative z-1 shrink-0">
      {children}
    </span>
  )
}

function ErrorMark({ message }: { message: string }) {
  return (
    <span
      title={message}
      className="relative z-1 flex min-w-0 items-center gap-[4px] text-[12px] text-fail"
    >
      <TriangleAlert size={14} role="img" aria-label="Error" className="shrink-0" />
      <span className="truncate">{message}</span>
    </span>
  )
}
