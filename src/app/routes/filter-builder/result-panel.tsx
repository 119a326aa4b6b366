import { useQuery } from '@tanstack/react-query'
import { CircleHelp, RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { CallSelection, CallSummary } from '#contract/call.ts'
import { filterQueries } from '../../api/filters.ts'
import { countOf, formatCount } from '../../format/count.ts'
import { formatDateTime } from '../../format/date.ts'
import { formatDuration } from '../../format/duration.ts'
import { StatusBadge } from '../../results/status-badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Spinner } from '../../ui/spinner.tsx'

type ResultPanelProps = {
  selection: CallSelection
  sentence: string
  /** As `callListSearch` spells it, with its `?`: links to calls carry it. */
  listSearch: string
  onExplain: (call: CallSummary) => void
  /** Stands above the rows, which can be many. */
  children: ReactNode
}

/** What the filter finds, while it is being built. */
export function ResultPanel({
  selection,
  sentence,
  listSearch,
  onExplain,
  children,
}: ResultPanelProps) {
  const count = useQuery(filterQueries.count(selection))
  const all = useQuery(filterQueries.count({}))
  const preview = useQuery(filterQueries.preview(selection))
  const isOld = count.isPlaceholderData || preview.isPlaceholderData

  return (
    <section aria-labelledby="matching-calls" className="flex min-w-0 flex-col gap-[10px]">
      <p className="text-[13px] leading-[20px] break-words text-ink-soft">{sentence}</p>
      <div className="flex min-h-[28px] flex-wrap items-baseline gap-x-[8px]">
        <h2
          id="matching-calls"
          className={classNames(
            'text-[20px] leading-[28px] font-semibold tabular-nums',
            count.isPlaceholderData && 'text-ink-faint',
          )}
        >
          {count.data ? countOf(count.data.count, 'call') : 'Calls'}
        </h2>
        {all.data && (
          <span className="text-[13px] text-ink-faint tabular-nums">
            of {formatCount(all.data.count)}
          </span>
        )}
        <span
          role="status"
          className="ml-auto flex items-center gap-[6px] text-[12px] text-ink-faint tabular-nums"
        >
          <CountStatus count={count} />
        </span>
      </div>
      {count.error && !count.isFetching && (
        <Failure text={count.error.message} onRetry={() => void count.refetch()} />
      )}
      {preview.error && !preview.isFetching && !count.error && (
        <Failure text={preview.error.message} onRetry={() => void preview.refetch()} />
      )}
      {children}
      {!preview.data && !preview.error && (
        <SkeletonRows rows={6} rowHeight={44} label="Loading the first calls" />
      )}
      {preview.data?.length === 0 && (
        <p className="py-[12px] text-[13px] text-ink-soft">
          No call matches. What each rule takes away stands beside it.
        </p>
      )}
      {preview.data && preview.data.length > 0 && (
        <ul
          aria-label="First matching calls"
          aria-busy={isOld || preview.isFetching}
          className="overflow-hidden rounded-[7px] border border-line bg-surface"
        >
          {preview.data.map((call) => (
            <CallItem key={call.id} call={call} listSearch={listSearch} onExplain={onExplain} />
          ))}
        </ul>
      )}
    </section>
  )
}

function CountStatus({
  count,
}: {
  count: {
    isFetching: boolean
    isPlaceholderData: boolean
    data: { count: number; tookMs: number } | undefined
  }
}) {
  // What is counted again because calls arrived is still right, and no news.
  if (count.isFetching && (!count.data || count.isPlaceholderData)) {
    return (
      <>
        <Spinner />
        Counting
      </>
    )
  }
  if (!count.data || count.isPlaceholderData) return null
  return (
    <>
      {/* The heading beside it is not read out when it changes. */}
      <span className="sr-only">{countOf(count.data.count, 'call')}</span>
      {`in ${Math.max(1, Math.round(count.data.tookMs))} ms`}
    </>
  )
}

function Failure({ text, onRetry }: { text: string; onRetry: () => void }) {
  return (
    <div
      role="alert"
      className="flex items-start gap-[8px] rounded-[6px] bg-fail-soft px-[10px] py-[8px] text-[13px] text-fail"
    >
      <p className="min-w-0 flex-1 break-words whitespace-pre-line">{text}</p>
      <Button size="small" icon={<RotateCw size={13} />} onClick={onRetry}>
        Try again
      </Button>
    </div>
  )
}

type CallItemProps = Pick<ResultPanelProps, 'listSearch' | 'onExplain'> & { call: CallSummary }

function CallItem({ call, listSearch, onExplain }: CallItemProps) {
  return (
    <li className="relative flex items-center gap-[8px] border-b border-line px-[10px] py-[6px] last:border-b-0 hover:bg-hover">
      <div className="min-w-0 flex-1 text-[13px]">
        <Link
          to={`/calls/${call.id}${listSearch}`}
          className="block truncate after:absolute after:inset-0"
        >
          {call.topic || call.callId}
        </Link>
        <p className="truncate text-[12px] text-ink-faint tabular-nums">
          {formatDateTime(call.startedAt)} · {formatDuration(call.durationSeconds)} ·{' '}
          {call.agentName}
        </p>
      </div>
      <StatusBadge call={call} />
      <IconButton
        size="small"
        label={`Why is ${call.callId} here?`}
        className="relative z-1"
        onClick={() => onExplain(call)}
      >
        <CircleHelp size={14} />
      </IconButton>
    </li>
  )
}
