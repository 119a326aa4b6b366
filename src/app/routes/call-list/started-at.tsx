import type { CallSummary } from '#contract/call.ts'
import { formatFullDateTime, formatRelative } from '../../format/date.ts'
import { useNow } from './use-now.ts'

/** How long ago a call started; the exact time on hover. */
export function StartedAt({ call }: { call: CallSummary }) {
  const now = useNow()
  return (
    <time
      dateTime={call.startedAt}
      // On demand: spelling out a full date takes longer than drawing the rest of the row.
      onPointerEnter={(event) => {
        event.currentTarget.title = exactTime(call)
      }}
      className="relative z-1 text-ink-soft"
    >
      {formatRelative(call.startedAt, { now: new Date(now) })}
      {call.isStartedAtReceipt && <span className="sr-only"> (received)</span>}
    </time>
  )
}

function exactTime({ startedAt, isStartedAtReceipt }: CallSummary): string {
  const exact = formatFullDateTime(startedAt)
  return isStartedAtReceipt ? `Received ${exact}; the sender gave no time` : exact
}
