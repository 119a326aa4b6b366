import { ChevronRight } from 'lucide-react'
import type { ReviewEvent } from '#contract/review.ts'
import { formatDateTime, formatFullDateTime } from '../../format/date.ts'

export type ReviewHistoryProps = {
  /** Newest first. */
  events: readonly ReviewEvent[]
}

/** What people did to a call, closed until somebody asks; what no longer stands is struck through. */
export function ReviewHistory({ events }: ReviewHistoryProps) {
  if (events.length === 0) return null
  return (
    <details className="mt-[16px] text-[13px] [&[open]>summary>svg]:rotate-90">
      <summary className="flex min-h-[24px] w-fit cursor-pointer list-none items-center gap-[4px] rounded-[4px] font-semibold">
        <ChevronRight size={13} aria-hidden="true" className="shrink-0 text-ink-faint" />
        Review history
        <span className="text-[12px] font-normal text-ink-faint tabular-nums">{events.length}</span>
      </summary>
      <ol aria-label="Review history" className="pl-[17px]">
        {events.map((event) => (
          <HistoryLine key={event.id} event={event} />
        ))}
      </ol>
    </details>
  )
}

function HistoryLine({ event }: { event: ReviewEvent }) {
  const { text, reviewer, createdAt, isStanding, kind } = event
  const isStruck = !isStanding && kind !== 'undo'
  return (
    <li className="border-b border-line/70 py-[5px] leading-[18px] last:border-b-0">
      <p className="wrap-anywhere">
        {isStruck ? <s className="text-ink-soft">{text}</s> : text}
        {isStruck && <span className="sr-only"> (no longer stands)</span>}
      </p>
      <p className="text-[12px] text-ink-faint">
        {reviewer},{' '}
        <time dateTime={createdAt} title={formatFullDateTime(createdAt)}>
          {formatDateTime(createdAt)}
        </time>
      </p>
    </li>
  )
}
