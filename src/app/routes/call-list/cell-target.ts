import type { MouseEvent } from 'react'
import type { CallRow } from '#contract/api.ts'
import { type ColumnId, isColumn } from '../../view-state/column-preferences.ts'
import type { CellFilter } from './cell-filters.ts'
import { hasFilters } from './column-filters.ts'
import { rowElementId } from './row-frame.tsx'

/** What a menu of filters is opened on, and where in the window. */
export type CellMenuTarget = {
  call: CallRow
  /** Null: all columns of the row. */
  column: ColumnId | null
  /** Null: both. */
  kind: CellFilter['kind'] | null
  x: number
  y: number
}

/** The cell under the pointer, if anything can be filtered by it. A row's link lies over its cells, so the event's target does not tell. */
export function cellTargetAt(
  { clientX: x, clientY: y }: Pick<MouseEvent, 'clientX' | 'clientY'>,
  rows: readonly CallRow[],
): CellMenuTarget | null {
  const cell = cellAt(x, y)
  const call = cell && rows.find(({ id }) => cell.closest(`#${rowElementId(id)}`) !== null)
  if (!call) return null
  const column = cell.dataset.column ?? ''
  if (!isColumn(column)) return { call, column: null, kind: 'include', x, y }
  return hasFilters(column) ? { call, column, kind: null, x, y } : null
}

export function cellAt(x: number, y: number): HTMLElement | null {
  const under = document.elementsFromPoint(x, y)
  const cell = under.find((element) => element.matches('[data-column]'))
  return cell instanceof HTMLElement ? cell : null
}

/** For the keys: at the row itself. */
export function rowTarget(
  row: HTMLElement,
  { call, kind }: { call: CallRow; kind: CellFilter['kind'] },
): CellMenuTarget {
  const { left, bottom } = row.getBoundingClientRect()
  return { call, column: null, kind, x: Math.max(left, 0) + 24, y: bottom - 8 }
}
