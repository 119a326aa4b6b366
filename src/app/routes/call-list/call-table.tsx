import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type CSSProperties,
  type PointerEvent,
  type RefObject,
  useCallback,
  useEffect,
  useEffectEvent,
  useMemo,
  useState,
} from 'react'
import { useNavigate } from 'react-router'
import { type CallListQuery, NEWEST_FIRST } from '#contract/call.ts'
import type { Density } from '#contract/view.ts'
import type { CallPage } from '../../api/call-rows.ts'
import { useSelectionStore } from '../../bulk/selection-store.ts'
import { classNames } from '../../ui/class-names.ts'
import type { ColumnPreferences } from '../../view-state/column-preferences.ts'
import { CallCard } from './call-card.tsx'
import { callHref } from './call-href.ts'
import { CallRow } from './call-row.tsx'
import { type CellMenuTarget, cellTargetAt, rowTarget } from './cell-target.ts'
import type { ListColumn } from './columns.tsx'
import { createRangeExtractor } from './drawn-rows.ts'
import { Grid, RowGroup } from './grid-elements.tsx'
import { SEARCH_LINE_HEIGHT } from './lazy-search-line.tsx'
import { recallPlace, rememberPlace } from './list-place.ts'
import { type OpenCall, rowElementId } from './row-frame.tsx'
import { createRowSlots } from './row-slots.ts'
import { HEADER_HEIGHT, TableHeader } from './table-header.tsx'
import { type MoreRows, TailRow } from './tail-row.tsx'
import { toTracks } from './use-call-columns.ts'
import { useDetailPrefetch } from './use-detail-prefetch.ts'
import { useIsNarrow } from './use-is-narrow.ts'
import { useListKeys } from './use-list-keys.ts'

const ROW_HEIGHT: Record<Density, number> = { comfortable: 37, compact: 29 }
const CARD_HEIGHT = 65

/** Left and right of a row's columns together, CSS pixels; on the left with the box that selects the row. */
const ROW_PADDING = 42

/** Pages are asked for this many rows before the last one comes into view. */
const ROWS_AHEAD = 160

/** Grey rows after the last one while more are on their way. */
const TAIL_ROWS = 6

type CallTableProps = {
  rows: CallPage['items']
  /** Those that show, from left to right. */
  columns: readonly ListColumn[]
  query: CallListQuery
  /** `query` as `listSearch` spells it. */
  queryText: string
  /** The whole view, for links. */
  search: string
  /** How many calls match in all; undefined until counted. */
  totalCount: number | undefined
  preferences: ColumnPreferences
  onPreferences: (changes: Partial<ColumnPreferences>) => void
  onSort: (key: string) => void
  more: MoreRows
  /** The rows are of the previous query; those of this one are on their way. */
  isStale: boolean
  scroller: RefObject<HTMLDivElement | null>
  /** Calls that are listed and no longer match. */
  leftIds: ReadonlySet<number>
  onCopy: (callId: string) => void
  onCellMenu: (target: CellMenuTarget) => void
  /** Called when scrolling has come to rest. */
  onView: (ids: readonly number[], isAtTop: boolean) => void
}

/** All loaded calls in a grid of which only the rows in view exist. Mount anew for another query. */
export function CallTable(props: CallTableProps) {
  const { rows, columns, query, queryText, search, preferences, more, isStale, scroller } = props
  const words = query.search ?? ''
  const isNarrow = useIsNarrow()
  const lineHeight = isNarrow ? CARD_HEIGHT : ROW_HEIGHT[preferences.density]
  const rowHeight = words === '' ? lineHeight : lineHeight + SEARCH_LINE_HEIGHT
  const headerHeight = isNarrow ? 0 : HEADER_HEIGHT
  const [activeId, setActiveId] = useState(() => recallPlace(queryText).activeId)

  const [assignSlots] = useState(createRowSlots)
  const [extractRange] = useState(createRangeExtractor)
  const virtualizer = useVirtualizer({
    count: rows.length + (more.hasMore ? TAIL_ROWS : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    initialOffset: () => recallPlace(queryText).scrollTop,
    scrollMargin: headerHeight,
    scrollPaddingStart: headerHeight,
    rangeExtractor: extractRange,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are remembered by row, another density needs them anew
  useEffect(() => {
    virtualizer.measure()
  }, [virtualizer, rowHeight])

  const items = virtualizer.getVirtualItems()
  const slots = assignSlots(items.map((item) => item.index))
  // React moves every element that stands after one put in front. So while scrolling the elements
  // keep their order, and once at rest they get the order in which they are read.
  const drawn = virtualizer.isScrolling ? items.toSorted(bySlot(slots)) : items
  const first = items[0]?.index ?? 0
  const end = (items.at(-1)?.index ?? -1) + 1
  const rowsInView = useMemo(() => rows.slice(first, end), [rows, first, end])
  const { template, minWidth } = toTracks(columns, preferences)

  // Who comes back to a place goes on there with the keys.
  useEffect(() => {
    const isFree = document.activeElement === document.body
    if (isFree && recallPlace(queryText).activeId !== null) {
      scroller.current?.focus({ preventScroll: true })
    }
  }, [scroller, queryText])

  useMoreRows({ end, rowCount: rows.length, more })
  useReportedView({
    rowsInView,
    isScrolling: virtualizer.isScrolling,
    scroller,
    onView: props.onView,
  })

  const approach = useDetailPrefetch()
  const activate = useCallback(
    (id: number) => {
      setActiveId(id)
      approach(id)
      rememberPlace(queryText, { activeId: id })
    },
    [queryText, approach],
  )
  const selection = useSelectionStore()
  useListKeys({
    rows,
    activeId,
    firstVisible: Math.ceil((virtualizer.scrollOffset ?? 0) / rowHeight),
    pageRows: Math.floor(((virtualizer.scrollRect?.height ?? 0) - headerHeight) / rowHeight),
    search,
    onCopy: props.onCopy,
    onSelect: (id) => selection.toggle(id),
    onFilter: (call, kind) => {
      const row = document.getElementById(rowElementId(call.id))
      if (row) props.onCellMenu(rowTarget(row, { call, kind }))
    },
    onMove: (index, id) => {
      activate(id)
      virtualizer.scrollToIndex(index, { align: 'auto' })
    },
  })

  const navigate = useNavigate()
  const open: OpenCall = useCallback(
    (id, { isNewTab }) => {
      const href = callHref(id, search)
      if (isNewTab) window.open(href, '_blank', 'noopener')
      else navigate(href)
    },
    [navigate, search],
  )

  const isActiveInView = rowsInView.some((call) => call.id === activeId)
  const shared = {
    height: rowHeight,
    searched: words,
    onActivate: activate,
    onApproach: approach,
    onOpen: open,
  }
  return (
    <Grid
      ref={scroller}
      aria-label="Calls"
      aria-rowcount={props.totalCount === undefined ? -1 : props.totalCount + (isNarrow ? 0 : 1)}
      aria-colcount={isNarrow ? 2 : columns.length + 1}
      aria-activedescendant={
        isActiveInView && activeId !== null ? rowElementId(activeId) : undefined
      }
      aria-busy={isStale}
      tabIndex={0}
      onPointerOver={showWhatIsCut}
      onContextMenu={(event) => {
        const target = event.shiftKey ? null : cellTargetAt(event, rows)
        if (!target) return
        event.preventDefault()
        props.onCellMenu(target)
      }}
      onScroll={(event) => rememberPlace(queryText, { scrollTop: event.currentTarget.scrollTop })}
      className="group/grid min-h-0 bg-canvas flex-1 overflow-auto overscroll-contain text-[13px] outline-none [scrollbar-gutter:stable]"
      style={{ '--call-columns': template } as CSSProperties}
    >
      <div style={{ minWidth: isNarrow ? undefined : minWidth + ROW_PADDING }}>
        {!isNarrow && (
          <TableHeader
            columns={columns}
            sort={query.sort ?? NEWEST_FIRST}
            preferences={preferences}
            onChange={props.onPreferences}
            onSort={props.onSort}
          />
        )}
        <RowGroup
          style={{ height: virtualizer.getTotalSize() }}
          className={classNames(
            'relative transition-opacity',
            isStale ? 'opacity-55 delay-150' : 'opacity-100',
          )}
        >
          {drawn.map(({ index, start }) => {
            const key = slots.get(index)
            const top = start - headerHeight
            const call = rows[index]
            if (!call) {
              const isFirst = index === rows.length
              return <TailRow key={key} top={top} height={rowHeight} more={isFirst ? more : null} />
            }
            const place = {
              top,
              isActive: call.id === activeId,
              hasLeft: props.leftIds.has(call.id),
            }
            return isNarrow ? (
              <CallCard key={key} {...shared} {...place} ariaRowIndex={index + 1} call={call} />
            ) : (
              <CallRow
                key={key}
                {...shared}
                {...place}
                ariaRowIndex={index + 2}
                call={call}
                columns={columns}
              />
            )
          })}
        </RowGroup>
      </div>
    </Grid>
  )
}

function bySlot(slots: ReadonlyMap<number, number>) {
  const slotOf = ({ index }: { index: number }) => slots.get(index) ?? 0
  return (a: { index: number }, b: { index: number }) => slotOf(a) - slotOf(b)
}

/** A tooltip for text that does not fit, given once the pointer is there: most text fits. */
function showWhatIsCut({ target }: PointerEvent) {
  if (!(target instanceof HTMLElement) || !target.classList.contains('truncate')) return
  target.title = target.scrollWidth > target.clientWidth ? (target.textContent ?? '') : ''
}

/** Loads on before the end comes into view. */
function useMoreRows({ end, rowCount, more }: { end: number; rowCount: number; more: MoreRows }) {
  const isNear = end > rowCount - ROWS_AHEAD
  const isDue = isNear && more.hasMore && !more.isLoading && !more.error
  const load = useEffectEvent(() => more.load())
  useEffect(() => {
    // `rowCount` too: one page may not be enough.
    if (isDue && rowCount > 0) load()
  }, [isDue, rowCount])
}

type ReportedView = {
  rowsInView: readonly { id: number }[]
  isScrolling: boolean
  scroller: RefObject<HTMLDivElement | null>
  onView: (ids: readonly number[], isAtTop: boolean) => void
}

function useReportedView({ rowsInView, isScrolling, scroller, onView }: ReportedView) {
  const report = useEffectEvent((inView: readonly { id: number }[]) =>
    onView(
      inView.map((call) => call.id),
      (scroller.current?.scrollTop ?? 0) < 1,
    ),
  )
  useEffect(() => {
    if (!isScrolling) report(rowsInView)
  }, [isScrolling, rowsInView])
}
