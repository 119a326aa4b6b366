import { memo } from 'react'
import type { CallSummary } from '#contract/call.ts'
import { formatDuration } from '../../format/duration.ts'
import { StatusBadge } from '../../results/status-badge.tsx'
import { CallLink } from './cells.tsx'
import { GridCell } from './grid-elements.tsx'
import { SearchLine } from './lazy-search-line.tsx'
import { RowFrame, type RowFrameProps } from './row-frame.tsx'
import { StartedAt } from './started-at.tsx'
import { StateMarks } from './state-marks.tsx'

type CallCardProps = Omit<RowFrameProps, 'children'>

/** A call in two lines, for narrow screens: what happened, then who and how long. */
export const CallCard = memo(function CallCard(props: CallCardProps) {
  const { call } = props
  return (
    <RowFrame {...props} className="flex">
      <GridCell
        data-column=""
        className="flex min-w-0 flex-1 flex-col gap-[5px] pr-[16px] pl-[38px] text-[13px]"
      >
        <span className="flex items-center gap-[8px]">
          <StatusBadge call={call} />
          {call.topic ? (
            <CallLink call={call} text={call.topic} className="flex-1" />
          ) : (
            <CallLink call={call} className="flex-1 font-mono text-[12px]" />
          )}
          <span className="shrink-0 text-[12px] tabular-nums">
            <StartedAt call={call} />
          </span>
        </span>
        <span className="flex min-w-0 items-center gap-[8px] text-[12px] text-ink-faint">
          <span className="min-w-0 truncate">{whoAndWhy(call)}</span>
          <span className="ml-auto flex max-w-[50%] shrink-0 justify-end">
            <StateMarks call={call} />
          </span>
          <span className="shrink-0 tabular-nums text-ink-soft">
            {formatDuration(call.durationSeconds)}
          </span>
        </span>
        {props.searched && (
          <span className="flex min-w-0 gap-[8px] text-[12px] leading-[16px] text-ink-soft">
            <SearchLine call={call} search={props.searched} />
          </span>
        )}
      </GridCell>
    </RowFrame>
  )
})

function whoAndWhy({ agentName, customerNumber, endedReason }: CallSummary): string {
  return [agentName, customerNumber, endedReason].filter(Boolean).join(' · ')
}
