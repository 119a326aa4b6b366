import { ArrowUp, Check } from 'lucide-react'
import { useRef } from 'react'
import type { CallListQuery, CallSortKey, CallSummary } from '#contract/call.ts'
import { countOf } from '../../format/count.ts'
import { Button } from '../../ui/button.tsx'
import { useCopy } from '../../ui/copy-button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { hasFilter } from './call-list-url.ts'
import { CallTable } from './call-table.tsx'
import type { ColumnPreferences } from './column-preferences.ts'
import { EmptyCalls } from './empty-calls.tsx'
import { ListSearch } from './list-search.ts'
import type { MoreRows } from './tail-row.tsx'
import { useLiveRows } from './use-live-rows.ts'

type CallRowsProps = {
  rows: CallSummary[]
  query: CallListQuery
  search: string
  totalCount: number | undefined
  isFromCache: boolean
  isStale: boolean
  more: MoreRows
  preferences: ColumnPreferences
  onPreferences: (changes: Partial<ColumnPreferences>) => void
  onSort: (key: CallSortKey) => void
  onClear: () => void
}

/** The rows of one query, kept fresh. Mount anew for another query. */
export function CallRows({ isFromCache, onClear, ...list }: CallRowsProps) {
  const { rows, query, search } = list
  const scroller = useRef<HTMLDivElement>(null)
  const { copy, isCopied } = useCopy()
  const live = useLiveRows({ query, isFromCache })

  if (rows.length === 0) return hasFilter(query) ? <NoMatches onClear={onClear} /> : <EmptyCalls />

  const showArrivals = () => {
    live.showArrivals()
    scroller.current?.scrollTo({ top: 0 })
  }
  return (
    <ListSearch value={search}>
      <div className="relative flex min-h-0 flex-1 flex-col">
        <div
          role="status"
          className="pointer-events-none absolute inset-x-0 top-[42px] z-20 flex justify-center max-sm:top-[8px]"
        >
          {isCopied && (
            <span className="flex h-[28px] items-center gap-[5px] rounded-full border border-line bg-raised pr-[12px] pl-[9px] text-[12px] shadow-float">
              <Check size={13} aria-hidden="true" className="text-pass" />
              Call ID copied
            </span>
          )}
          {!isCopied && live.arrivalCount > 0 && (
            <button
              type="button"
              onClick={showArrivals}
              className="pointer-events-auto flex h-[28px] items-center gap-[5px] rounded-full border border-line bg-raised pr-[12px] pl-[9px] text-[12px] font-medium text-accent shadow-float tabular-nums hover:bg-hover"
            >
              <ArrowUp size={13} aria-hidden="true" />
              {live.isArrivalCountPartial && 'At least '}
              {countOf(live.arrivalCount, 'new call')}
            </button>
          )}
        </div>
        <CallTable {...list} scroller={scroller} onView={live.reportView} onCopy={copy} />
      </div>
    </ListSearch>
  )
}

function NoMatches({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      title="No calls match"
      action={<Button onClick={onClear}>Clear the filters</Button>}
    >
      Nothing fits this search and these filters. New calls that do will appear here.
    </EmptyState>
  )
}
