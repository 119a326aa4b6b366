import type { Segment } from '#contract/transcript.ts'
import { buildTimeIndex, type TimeIndex } from './time-index.ts'
import { type TranscriptRow, transcriptRows } from './transcript-rows.ts'

/** A transcript ready to be shown and searched by time. Positions in `index` are those of `rows`. */
export type Timeline = { rows: readonly TranscriptRow[]; index: TimeIndex; hasTimes: boolean }

export function toTimeline(segments: readonly Segment[]): Timeline {
  const rows = transcriptRows(segments)
  const index = buildTimeIndex(rows)
  return { rows, index, hasTimes: index.starts.length > 0 }
}

/** A row that something outside the transcript speaks of, and the words in it; empty for all of it. */
export type PointedRow = { index: number; quote: string }

/** The row that shows a segment, by the segment's place in the transcript; null where there is none. */
export function findRow(
  { rows }: Pick<Timeline, 'rows'>,
  segments: readonly Segment[],
  segmentIndex: number,
): number | null {
  const segment = segments[segmentIndex]
  const index = rows.findIndex(
    (row) =>
      row.position === segmentIndex ||
      // What a tool answered is shown with its call.
      (row.kind === 'tool' && segment !== undefined && row.result === segment),
  )
  return index < 0 ? null : index
}
