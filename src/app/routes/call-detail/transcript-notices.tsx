import type { ReactNode } from 'react'
import type { CallDetail } from '#contract/call.ts'
import type { Timeline } from '../../player/timeline.ts'
import { EmptyState } from '../../ui/empty-state.tsx'

export type TranscriptNoticesProps = { call: CallDetail; timeline: Timeline }

/** Why there is no transcript, or what to know before trusting the one that is here. */
export function TranscriptNotices({ call, timeline }: TranscriptNoticesProps) {
  if (call.transcriptState === 'needs-transcription') {
    return (
      <EmptyState title="Not transcribed">
        This call arrived as audio alone. You can listen to it; there are no words to read yet.
      </EmptyState>
    )
  }
  if (call.transcriptState === 'none') {
    return (
      <EmptyState title="Nobody spoke">
        The sender says that this call never connected
        {call.endedReason && (
          <>
            {' '}
            (<code className="font-mono text-[12px]">{call.endedReason}</code>)
          </>
        )}
        , so there is no transcript.
      </EmptyState>
    )
  }
  if (timeline.rows.length === 0) {
    return (
      <EmptyState title="The transcript is empty">
        The sender sent one without any turns.
      </EmptyState>
    )
  }
  return (
    <>
      {!timeline.hasTimes && (
        <Notice>
          The sender gave no times. Turns are in their order, but cannot be played one by one.
        </Notice>
      )}
      {call.transcriptWarnings.map((warning) => (
        <Notice key={warning}>{warning}</Notice>
      ))}
    </>
  )
}

function Notice({ children }: { children: ReactNode }) {
  return (
    <p className="my-[4px] rounded-[5px] bg-warn-soft px-[10px] py-[5px] text-[12px] leading-[18px] text-warn">
      {children}
    </p>
  )
}
