import { type KeyboardEvent, useRef } from 'react'
import { CallSort, parseCallSort } from '#contract/call.ts'
import { SelectLoadedBox } from '../../bulk/select-box.tsx'
import { classNames } from '../../ui/class-names.ts'
import { ARIA_SORT, SortArrow } from '../../ui/sort-arrow.tsx'
import { type ColumnPreferences, clampWidth } from '../../view-state/column-preferences.ts'
import type { ListColumn } from './columns.tsx'
import { ColumnHeader, GridRow, RowGroup } from './grid-elements.tsx'
import { ResizeHandle } from './resize-handle.tsx'
import { useColumnDrag } from './use-column-drag.ts'

/** CSS pixels, with its line. */
export const HEADER_HEIGHT = 33

const WIDTH_STEP = 16

type TableHeaderProps = {
  columns: readonly ListColumn[]
  sort: CallSort
  preferences: ColumnPreferences
  onChange: (changes: Partial<ColumnPreferences>) => void
  onSort: (key: string) => void
}

/** Column names: press to sort, drag to move, drag an edge to resize. */
export function TableHeader(props: TableHeaderProps) {
  const { columns, sort, preferences, onChange, onSort } = props
  const sorted = parseCallSort(sort)
  const { order, widths } = preferences
  const { dragProps, dropSide } = useColumnDrag(order, (next) => onChange({ order: next }))
  return (
    <RowGroup className="group/header sticky top-0 z-10 bg-canvas">
      <GridRow
        aria-rowindex={1}
        style={{ height: HEADER_HEIGHT }}
        className="relative grid grid-cols-(--call-columns) items-stretch border-b border-line pr-[8px] pl-[34px]"
      >
        <ColumnHeader className="absolute top-0 left-[6px] flex h-full items-center">
          <SelectLoadedBox />
        </ColumnHeader>
        {columns.map((column) => {
          const { id } = column
          return (
            <HeaderCell
              key={id}
              column={column}
              direction={sorted.key === id ? sorted.direction : null}
              dropSide={dropSide(id)}
              dragProps={dragProps(id)}
              onSort={onSort}
              onWidth={(width) => onChange({ widths: { ...widths, [id]: width } })}
              onWidthReset={() => onChange({ widths: { ...widths, [id]: undefined } })}
            />
          )
        })}
      </GridRow>
    </RowGroup>
  )
}

type HeaderCellProps = {
  column: ListColumn
  /** Null while the list is in another column's order. */
  direction: 'asc' | 'desc' | null
  dropSide: 'before' | 'after' | null
  dragProps: ReturnType<ReturnType<typeof useColumnDrag>['dragProps']>
  onSort: (key: string) => void
  onWidth: (width: number) => void
  onWidthReset: () => void
}

function HeaderCell(props: HeaderCellProps) {
  const { column, direction, dropSide, dragProps, onSort, onWidth, onWidthReset } = props
  const { id, label, isNumeric, usualWidth } = column
  const cell = useRef<HTMLDivElement>(null)
  // The server sorts, and knows what it can sort by.
  const isSortable = CallSort.safeParse(id).success
  const measure = () => cell.current?.offsetWidth ?? usualWidth

  const handleKeyDown = (event: KeyboardEvent) => {
    if (!event.shiftKey) return
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
    event.preventDefault()
    onWidth(clampWidth(measure() + (event.key === 'ArrowRight' ? WIDTH_STEP : -WIDTH_STEP)))
  }
  return (
    <ColumnHeader
      ref={cell}
      {...dragProps}
      aria-sort={isSortable ? (direction ? ARIA_SORT[direction] : 'none') : undefined}
      className={classNames(
        'relative flex min-w-0 items-center px-[8px] text-[12px]',
        isNumeric && 'justify-end',
        direction ? 'text-ink' : 'text-ink-faint',
      )}
    >
      {dropSide && <DropMark side={dropSide} />}
      {isSortable ? (
        <button
          type="button"
          onClick={() => onSort(id)}
          onKeyDown={handleKeyDown}
          aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight"
          title="Sort. With the keyboard, shift and ← or → set the width"
          className={classNames(
            'group/sort -mx-[4px] flex h-[24px] min-w-0 items-center gap-[3px] rounded-[4px] px-[4px] hover:text-ink focus-visible:-outline-offset-1',
            // The arrow on the inner side, so that the name stays flush with its figures.
            isNumeric && 'flex-row-reverse',
          )}
        >
          <span className="truncate">{label}</span>
          <SortArrow direction={direction} />
        </button>
      ) : (
        <span className="truncate">{label}</span>
      )}
      <ResizeHandle measure={measure} onWidth={onWidth} onReset={onWidthReset} />
    </ColumnHeader>
  )
}

function DropMark({ side }: { side: 'before' | 'after' }) {
  return (
    <span
      aria-hidden="true"
      className={classNames(
        'absolute inset-y-[4px] w-[2px] rounded-full bg-accent',
        side === 'before' ? '-left-px' : '-right-px',
      )}
    />
  )
}
