import { type Row, useTable } from '@tanstack/react-table'
import { useMemo } from 'react'
import type { CallSummary } from '#contract/call.ts'
import type { ColumnPreferences } from './column-preferences.ts'
import { columnTemplate, minimumRowWidth } from './column-template.ts'
import { CALL_COLUMNS, callTableFeatures } from './columns.tsx'

export type CallTableRow = Row<typeof callTableFeatures, CallSummary>

type UseCallTableOptions = {
  /**
   * The rows in view only. The server has sorted and filtered, so the table has nothing to compute
   * over all rows, and building its row objects anew for 100,000 calls would cost frames per page.
   */
  rowsInView: CallSummary[]
  preferences: ColumnPreferences
}

/** Headers, cells and grid tracks of the columns as this person has arranged them. */
export function useCallTable({ rowsInView, preferences }: UseCallTableOptions) {
  const { order, hidden, widths } = preferences
  const state = useMemo(
    () => ({
      columnOrder: order,
      columnVisibility: Object.fromEntries(hidden.map((id) => [id, false])),
      columnSizing: definedOnly(widths),
    }),
    [order, hidden, widths],
  )

  const table = useTable({
    features: callTableFeatures,
    columns: CALL_COLUMNS,
    data: rowsInView,
    getRowId: (call) => String(call.id),
    state,
  })

  const tracks = table.getVisibleLeafColumns().map((column) => ({
    width: column.getSize(),
    growth: column.id in state.columnSizing ? 0 : (column.columnDef.meta?.growth ?? 0),
  }))
  return { table, template: columnTemplate(tracks), minWidth: minimumRowWidth(tracks) }
}

function definedOnly(widths: Partial<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(widths).flatMap(([id, width]) => (width === undefined ? [] : [[id, width]])),
  )
}
