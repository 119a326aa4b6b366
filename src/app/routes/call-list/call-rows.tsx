import { ArrowUp, Check } from 'lucide-react'
import { lazy, type RefObject, Suspense, useLayoutEffect, useRef, useState } from 'react'
import type { CallRow } from '#contract/api.ts'
import type { CallListQuery } from '#contract/call.ts'
import type { FilterGroup } from '#contract/filter.ts'
import { BulkTools } from '../../bulk/bulk-tools.tsx'
import { SelectionContext, useNewSelection } from '../../bulk/selection-store.ts'
import { countOf } from '../../format/count.ts'
import { Button } from '../../ui/button.tsx'
import { useCopy } from '../../ui/copy-button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import type { ColumnPreferences } from '../../view-state/column-preferences.ts'
import { ListSearch } from './call-href.ts'
import { CallTable } from './call-table.tsx'
import { CellButton } from './cell-button.tsx'
import type { CellMenuTarget } from './cell-target.ts'
import { hasSelection } from './list-sort.ts'
import type { MoreRows } from './tail-row.tsx'
import { useShownColumns } from './use-call-columns.ts'
import { useLiveRows } from './use-live-rows.ts'

const EmptyCalls = lazy(async () => ({ default: (await import('./empty-calls.tsx')).EmptyCalls }))
const CellMenu = lazy(async () => ({ default: (await import('./cell-menu.tsx')).CellMenu }))

type CallRowsProps = {
  rows: CallRow[]
  query: CallListQuery
  /** Whose results the rows hold, as `shownMetrics` spells it. */
  metrics: string
  /** `query` as `listSearch` spells it: what its place in the list is remembered by. */
  queryText: string
  /** The whole view, for links. */
  search: string
  totalCount: number | undefined
  isFromCache: boolean
  isStale: boolean
  more: MoreRows
  preferences: ColumnPreferences
  onPreferences: (changes: Partial<ColumnPreferences>) => void
  onSort: (key: string) => void
  /** Of a cell, to the filter. */
  onFilter: (apply: (filter: FilterGroup) => FilterGroup) => void
  /** Clears what is asked for: the search, the filter or both. */
  onClear: () => void
  /** Whether the rows of the query before had the focus, which these take over. */
  focusHandover: RefObject<boolean>
}

/** The rows of one query, kept fresh. Mount anew for another query. */
export function CallRows(props: CallRowsProps) {
  const { isFromCache, onClear, onFilter, focusHandover, metrics, ...list } = props
  const { rows, query, search } = list
  const columns = useShownColumns(list.preferences)
  const scroller = useRef<HTMLDivElement>(null)
  const { copy, isCopied } = useCopy()
  const [cellMenu, setCellMenu] = useState<CellMenuTarget | null>(null)
  const live = useLiveRows({ query: { ...query, metrics }, isFromCache })
  const selection = useNewSelection(rows)
  useFocusHandover(scroller, focusHandover)

  if (rows.length === 0) {
    if (hasSelection(query)) return <NoMatches query={query} onClear={onClear} />
    return (
      <Suspense fallback={null}>
        <EmptyCalls />
      </Suspense>
    )
  }

  const showArrivals = () => {
    live.showArrivals()
    scroller.current?.scrollTo({ top: 0 })
  }
  return (
    <SelectionContext value={selection}>
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
          <CallTable
            {...list}
            columns={columns}
            leftIds={live.leftIds}
            scroller={scroller}
            onView={live.reportView}
            onCopy={copy}
            onCellMenu={setCellMenu}
          />
          <CellButton
            key={list.preferences.order.join()}
            scroller={scroller}
            rows={rows}
            columns={columns}
            onOpen={setCellMenu}
          />
          {cellMenu && (
            <Suspense fallback={null}>
              <CellMenu
                target={cellMenu}
                columns={columns}
                onFilter={(apply) => {
                  focusHandover.current = true
                  onFilter(apply)
                }}
                onClose={() => {
                  setCellMenu(null)
                  scroller.current?.focus({ preventScroll: true })
                }}
              />
            </Suspense>
          )}
          <BulkTools
            store={selection}
            query={query}
            matchCount={list.totalCount}
            loadedCount={rows.length}
            onDone={() => scroller.current?.focus({ preventScroll: true })}
          />
        </div>
      </ListSearch>
    </SelectionContext>
  )
}

/** Another query mounts the rows anew: who was in them with the keyboard stays in them. */
function useFocusHandover(
  scroller: RefObject<HTMLElement | null>,
  handover: RefObject<boolean>,
): void {
  useLayoutEffect(() => {
    const isWanted = handover.current
    handover.current = false
    if (isWanted && document.activeElement === document.body)
      scroller.current?.focus({ preventScroll: true })
    return () => {
      if (scroller.current?.contains(document.activeElement)) handover.current = true
    }
  }, [scroller, handover])
}

function NoMatches({ query, onClear }: { query: CallListQuery; onClear: () => void }) {
  const { action, reason } = emptyWords(query)
  return (
    <EmptyState title="No calls match" action={<Button onClick={onClear}>{action}</Button>}>
      {reason} New calls that do will appear here.
    </EmptyState>
  )
}

function emptyWords({ search, filter }: CallListQuery): { action: string; reason: string } {
  if (search && filter) {
    return {
      action: 'Clear the search and the filters',
      reason: 'Nothing fits this search and these filters.',
    }
  }
  if (search) return { action: 'Clear the search', reason: 'Nothing fits this search.' }
  return { action: 'Clear the filters', reason: 'Nothing fits these filters.' }
}
