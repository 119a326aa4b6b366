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
