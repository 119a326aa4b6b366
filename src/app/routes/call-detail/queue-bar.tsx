import { Check, EyeOff, Lock, SkipForward, X } from 'lucide-react'
import { Link } from 'react-router'
import { Badge } from '../../ui/badge.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { blindReason, heldText } from './queue-words.ts'
import type { QueueSeat } from './use-queue-seat.ts'

type QueueBarProps = {
  seat: QueueSeat
  /** “You: failure, judge: success”, once it may be said. */
  compared: string | null
  /** Done and next, with all that the page does before it. */
  onDone: () => void
}

/** Where in a queue this call is, why it is there, and the ways on. */
export function QueueBar({ seat, compared, onDone }: QueueBarProps) {
  const { item, queue } = seat
  const reason = blindReason(seat)
  return (
    <section
      aria-label="Queue"
      className="flex flex-wrap items-center gap-x-[12px] gap-y-[6px] border-b border-line bg-surface px-[20px] py-[6px] text-[13px] max-md:px-[14px]"
    >
      <div className="flex min-w-0 flex-1 basis-[220px] flex-wrap items-center gap-x-[8px] gap-y-[2px]">
        <span className="max-w-full truncate font-semibold" title={queue.name}>
          {queue.name}
        </span>
        {seat.hidesJudge && <Badge icon={<EyeOff size={12} aria-hidden="true" />}>Blind</Badge>}
        {item.isDone && <Badge tone="pass">Done</Badge>}
        {reason && (
          <span className="min-w-0 truncate text-ink-soft" title={reason}>
            {reason}
          </span>
        )}
        {compared && <span className="text-ink">{compared}</span>}
      </div>
      <div className="w-[150px]">
        <ProgressBar
          label={`Call ${item.position} of the queue`}
          isLabelHidden
          progress={queue.totalCount === 0 ? 1 : queue.doneCount / queue.totalCount}
          valueText={`${queue.doneCount} of ${queue.totalCount} done`}
        />
      </div>
      {item.isMine ? (
        <div className="flex items-center gap-[6px] max-md:w-full">
          <Button
            size="small"
            icon={<SkipForward size={14} />}
            aria-disabled={item.isDone}
            onClick={() => !item.isDone && seat.skip()}
          >
            Skip
          </Button>
          <Tooltip label="Done, and the next call" shortcut="ctrl+enter">
            <Button
              size="small"
              variant="primary"
              icon={<Check size={14} />}
              isBusy={seat.isLeaving}
              onClick={onDone}
            >
              Done
            </Button>
          </Tooltip>
          <Leave />
        </div>
      ) : (
        <div className="flex flex-wrap items-center gap-[6px]">
          <p role="status" className="flex items-center gap-[5px] text-ink-soft">
            <Lock size={13} aria-hidden="true" />
            {heldText(seat)}
          </p>
          <Link to={`/queues/${queue.id}`} className={buttonClass({ size: 'small' })}>
            Next free call
          </Link>
          <Leave />
        </div>
      )}
    </section>
  )
}

function Leave() {
  return (
    <Link to="/queues" className={buttonClass({ size: 'small', variant: 'quiet' })}>
      <X size={14} aria-hidden="true" />
      Leave
    </Link>
  )
}
