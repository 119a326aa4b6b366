import { type ColumnId, type FixedColumn, isFixed } from '../../view-state/column-preferences.ts'

/** Whether the cells of a column offer something to filter by. */
export function hasFilters(id: ColumnId): boolean {
  return !isFixed(id) || COLUMN_FILTERS.has(id)
}

const COLUMN_FILTERS: ReadonlySet<FixedColumn> = new Set<FixedColumn>([
  'status',
  'agentName',
  'customerNumber',
  'durationSeconds',
  'endedReason',
  'topic',
  'tags',
  'longestGapSeconds',
  'interruptionCount',
  'toolErrorCount',
  'startedAt',
])
