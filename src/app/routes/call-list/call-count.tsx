import { useQuery } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import type { CallListQuery } from '#contract/call.ts'
import { callQueries } from '../../api/calls.ts'
import { countOf } from '../../format/count.ts'
import { IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Spinner } from '../../ui/spinner.tsx'

/** Counting that took longer says how long, so that nobody wonders what they wait for. */
const WORTH_SAYING_MS = 1000

export function useCallCount(query: CallListQuery, { isEnabled }: { isEnabled: boolean }) {
  return useQuery({ ...callQueries.count(query), enabled: isEnabled })
}

/** How many calls match. The number before stays, faint, while the next is on its way. */
export function CallCount({ count }: { count: ReturnType<typeof useCallCount> }) {
  const { data, error, isFetching, isPlaceholderData, isPending } = count
  if (error && !isFetching) {
    return (
      <span role="alert" className="flex items-center gap-[2px] text-[13px] text-fail">
        Not counted
        <IconButton
          size="small"
          label={`Count again. ${error.message}`}
          onClick={() => void count.refetch()}
        >
          <RotateCw size={13} />
        </IconButton>
      </span>
    )
  }
  const isCounting = isFetching && (isPlaceholderData || isPending)
  return (
    <span
      role="status"
      className="flex items-center gap-[6px] text-[13px] text-ink-faint tabular-nums"
    >
      {isCounting && (
        <>
          <Spinner />
          <span className="sr-only">Counting</span>
        </>
      )}
      {data && (
        <span className={classNames(isPlaceholderData && 'opacity-50')}>
          {countOf(data.count, 'call')}
        </span>
      )}
      {data && !isPlaceholderData && data.tookMs > WORTH_SAYING_MS && (
        <span className="text-[12px]">in {(data.tookMs / 1000).toFixed(1)} s</span>
      )}
    </span>
  )
}
