import { useMemo } from 'react'
import { type ColumnPreferences, shownColumns } from '../../view-state/column-preferences.ts'
import { columnTemplate, minimumRowWidth } from './column-template.ts'
import { CALL_COLUMNS, COLUMN_WIDTHS } from './columns.tsx'

/** The columns that show, from left to right, and the grid tracks they make, as this person has arranged them. */
export function useCallColumns({ order, hidden, widths }: ColumnPreferences) {
  // The same array while a width is being dragged: rows are drawn again only for other columns.
  const columns = useMemo(() => shownColumns({ order, hidden }), [order, hidden])
  const tracks = columns.map((id) => ({
    width: widths[id] ?? COLUMN_WIDTHS[id],
    growth: widths[id] === undefined ? (CALL_COLUMNS[id].growth ?? 0) : 0,
  }))
  return { columns, template: columnTemplate(tracks), minWidth: minimumRowWidth(tracks) }
}
