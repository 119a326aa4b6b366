import type { ReactNode } from 'react'
import type { CallSummary } from '#contract/call.ts'
import { formatDuration } from '../../format/duration.ts'
import { StatusBadge } from '../../results/status-badge.tsx'
import type { ColumnId } from '../../view-state/column-preferences.ts'
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
  drawCell: (call: CallSummary) => ReactNode
}

/** The words for a column, in its header and in the column chooser. */
export const COLUMN_LABEL: Record<ColumnId, string> = {
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
export const COLUMN_WIDTHS: Record<ColumnId, number> = {
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

const toClock = (seconds: number | null) => (seconds === null ? '' : formatDuration(seconds))

/** Gaps are told apart by tenths. */
const toSeconds = (seconds: number | null) => (seconds === null ? '' : `${seconds.toFixed(1)} s`)

/** The server sorts: a column can be sorted if its id is a `CallSortKey`. */
export const CALL_COLUMNS: Record<ColumnId, CallColumn> = {
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
