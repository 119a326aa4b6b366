import type { ReactNode } from 'react'
import type { CallRow } from '#contract/api.ts'
import { formatDuration } from '../../format/duration.ts'
import { StatusBadge } from '../../results/status-badge.tsx'
import { type ColumnId, type FixedColumn, isFixed } from '../../view-state/column-preferences.ts'
import { CallIdCell, CountCell, TagsCell, TextCell } from './cells.tsx'
import { StartedAt } from './started-at.tsx'
import { StateMarks } from './state-marks.tsx'

export type CallColumn = {
  /** Words or figures in one line, which the cell itself cuts; others bring boxes of their own. */
  isText?: true
  /** Set to the right. */
  isNumeric?: true
  /** Its share of the room that is left, until a person gives it a width. */
  growth?: number
  drawCell: (call: CallRow) => ReactNode
}

/** A column as a list shows it. */
export type ListColumn = CallColumn & {
  id: ColumnId
  /** The words in its header and in the column chooser. */
  label: string
  /** CSS pixels, until a person gives it another width. */
  usualWidth: number
}

/** The words for the columns that every list has. */
export const COLUMN_LABEL: Record<FixedColumn, string> = {
  status: 'Status',
  callId: 'Call ID',
  agentName: 'Agent',
  customerNumber: 'Customer',
  durationSeconds: 'Duration',
  endedReason: 'Ended reason',
  topic: 'Topic',
  tags: 'Tags',
  longestGapSeconds: 'Longest gap',
  interruptionCount: 'Interruptions',
  toolErrorCount: 'Tool errors',
  state: 'State',
  startedAt: 'Time',
}

/** Usual widths in CSS pixels; together they fit a laptop screen beside the navigation. */
const COLUMN_WIDTHS: Record<FixedColumn, number> = {
  status: 160,
  callId: 150,
  agentName: 112,
  customerNumber: 116,
  durationSeconds: 84,
  endedReason: 112,
  topic: 96,
  tags: 92,
  longestGapSeconds: 100,
  interruptionCount: 104,
  toolErrorCount: 92,
  state: 76,
  startedAt: 116,
}

/** Usual width of a metric's column in CSS pixels: room for `1,240 ms` and most of a name. */
export const METRIC_COLUMN_WIDTH = 128

export function usualWidth(id: ColumnId): number {
  return isFixed(id) ? COLUMN_WIDTHS[id] : METRIC_COLUMN_WIDTH
}

export function fixedColumn(id: FixedColumn): ListColumn {
  return { id, label: COLUMN_LABEL[id], usualWidth: COLUMN_WIDTHS[id], ...CALL_COLUMNS[id] }
}

const toClock = (seconds: number | null) => (seconds === null ? '' : formatDuration(seconds))

/** Gaps are told apart by tenths. */
const toSeconds = (seconds: number | null) => (seconds === null ? '' : `${seconds.toFixed(1)} s`)

const CALL_COLUMNS: Record<FixedColumn, CallColumn> = {
  status: { drawCell: (call) => <StatusBadge call={call} /> },
  callId: { drawCell: (call) => <CallIdCell call={call} /> },
  agentName: { isText: true, growth: 1, drawCell: (call) => <TextCell text={call.agentName} /> },
  customerNumber: { isText: true, drawCell: (call) => <TextCell text={call.customerNumber} /> },
  durationSeconds: {
    isText: true,
    isNumeric: true,
    drawCell: (call) => <TextCell text={toClock(call.durationSeconds)} />,
  },
  endedReason: {
    isText: true,
    growth: 1,
    drawCell: (call) => <TextCell text={call.endedReason} />,
  },
  topic: { isText: true, growth: 2, drawCell: (call) => <TextCell text={call.topic} /> },
  tags: { growth: 1, drawCell: (call) => <TagsCell tags={call.tags} /> },
  longestGapSeconds: {
    isText: true,
    isNumeric: true,
    drawCell: (call) => <TextCell text={toSeconds(call.longestGapSeconds)} />,
  },
  interruptionCount: {
    isText: true,
    isNumeric: true,
    drawCell: (call) => <CountCell count={call.interruptionCount} />,
  },
  toolErrorCount: {
    isText: true,
    isNumeric: true,
    drawCell: (call) => <CountCell count={call.toolErrorCount} />,
  },
  state: { growth: 1, drawCell: (call) => <StateMarks call={call} /> },
  startedAt: { isText: true, isNumeric: true, drawCell: (call) => <StartedAt call={call} /> },
}
