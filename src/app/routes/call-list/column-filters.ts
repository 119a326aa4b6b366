import type { ColumnId } from '../../view-state/column-preferences.ts'

/** The columns whose cells offer something to filter by. */
export const COLUMN_FILTERS: ReadonlySet<ColumnId> = new Set<ColumnId>([
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
