import {
  columnOrderingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  createColumnHelper,
  metaHelper,
  tableFeatures,
} from '@tanstack/react-table'
import type { CallSummary } from '#contract/call.ts'
import { formatDuration } from '../../format/duration.ts'
import { StatusBadge } from '../../results/status-badge.tsx'
import { CallIdCell, TextCell } from './cells.tsx'
import type { ColumnId } from './column-preferences.ts'
import { StartedAt } from './started-at.tsx'
import { StateMarks } from './state-marks.tsx'

export type CallColumnMeta = {
  /** Words or figures in one line, which the cell itself cuts; others bring boxes of their own. */
  isText?: true
  /** Set to the right. */
  isNumeric?: true
  /** Its share of the room that is left, until a person gives it a width. */
  growth?: number
}

export const callTableFeatures = tableFeatures({
  columnOrderingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  columnMeta: metaHelper<CallColumnMeta>(),
})

/** The words for a column, in its header and in the column chooser. */
export const COLUMN_LABEL: Record<ColumnId, string> = {
  status: 'Status',
  callId: 'Call ID',
  agentName: 'Agent',
  customerNumber: 'Customer',
  durationSeconds: 'Duration',
  endedReason: 'Ended reason',
  topic: 'Topic',
  state: 'State',
  startedAt: 'Time',
}

/** Usual widths in CSS pixels; together they fit a laptop screen beside the navigation. */
export const COLUMN_WIDTHS: Record<ColumnId, number> = {
  status: 168,
  callId: 164,
  agentName: 132,
  customerNumber: 124,
  durationSeconds: 88,
  endedReason: 140,
  topic: 128,
  state: 88,
  startedAt: 112,
}

const toClock = (seconds: number | null) => (seconds === null ? '' : formatDuration(seconds))

const column = createColumnHelper<typeof callTableFeatures, CallSummary>()

const shared = (id: ColumnId) => ({ header: COLUMN_LABEL[id], size: COLUMN_WIDTHS[id] })

/** The server sorts: a column can be sorted if its id is a `CallSortKey`. */
export const CALL_COLUMNS = column.columns([
  column.accessor('status', {
    ...shared('status'),
    cell: ({ row }) => <StatusBadge call={row.original} />,
  }),
  column.accessor('callId', {
    ...shared('callId'),
    enableHiding: false,
    cell: ({ row }) => <CallIdCell call={row.original} />,
  }),
  column.accessor('agentName', {
    ...shared('agentName'),
    meta: { isText: true, growth: 1 },
    cell: ({ getValue }) => <TextCell text={getValue()} />,
  }),
  column.accessor('customerNumber', {
    ...shared('customerNumber'),
    meta: { isText: true },
    cell: ({ getValue }) => <TextCell text={getValue()} />,
  }),
  column.accessor('durationSeconds', {
    ...shared('durationSeconds'),
    meta: { isText: true, isNumeric: true },
    cell: ({ getValue }) => <TextCell text={toClock(getValue())} />,
  }),
  column.accessor('endedReason', {
    ...shared('endedReason'),
    meta: { isText: true, growth: 1 },
    cell: ({ getValue }) => <TextCell text={getValue()} />,
  }),
  column.accessor('topic', {
    ...shared('topic'),
    meta: { isText: true, growth: 2 },
    cell: ({ getValue }) => <TextCell text={getValue()} />,
  }),
  column.display({
    ...shared('state'),
    id: 'state',
    meta: { growth: 1 },
    cell: ({ row }) => <StateMarks call={row.original} />,
  }),
  column.accessor('startedAt', {
    ...shared('startedAt'),
    meta: { isText: true, isNumeric: true },
    cell: ({ row }) => <StartedAt call={row.original} />,
  }),
])
