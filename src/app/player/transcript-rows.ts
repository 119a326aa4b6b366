import type {
  EventSegment,
  Segment,
  SpeechSegment,
  Timing,
  ToolCallSegment,
  ToolResultSegment,
} from '#contract/transcript.ts'

type RowTime = { startSeconds: number | null; endSeconds: number | null; timing: Timing }

export type SpeechRow = RowTime & {
  kind: 'speech'
  /** Place of the segment in the transcript. */
  position: number
  segment: SpeechSegment
  /** The row before is the same voice: shown as one turn. */
  isContinuation: boolean
}

/** A call with what came back, or either alone. */
export type ToolRow = RowTime & {
  kind: 'tool'
  position: number
  name: string
  call: ToolCallSegment | null
  result: ToolResultSegment | null
  /** From call to result; null unless both times were given. */
  durationSeconds: number | null
}

export type EventRow = RowTime & { kind: 'event'; position: number; segment: EventSegment }

export type TranscriptRow = SpeechRow | ToolRow | EventRow

/** What the transcript shows, in reading order: one row per segment, except that a tool's result joins its call. */
export function transcriptRows(segments: readonly Segment[]): TranscriptRow[] {
  const rows: TranscriptRow[] = []
  const unanswered = new Map<string, ToolRow>()
  for (const [position, segment] of segments.entries()) {
    if (segment.kind === 'tool-result') {
      const open = unanswered.get(segment.toolCallId)
      if (open) answer(open, segment)
      else rows.push(toolRow(position, { call: null, result: segment }))
      unanswered.delete(segment.toolCallId)
      continue
    }
    const row = toRow(segment, { position, before: rows.at(-1) })
    if (row.kind === 'tool' && row.call) unanswered.set(row.call.toolCallId, row)
    rows.push(row)
  }
  return rows
}

function toRow(
  segment: SpeechSegment | ToolCallSegment | EventSegment,
  { position, before }: { position: number; before: TranscriptRow | undefined },
): TranscriptRow {
  switch (segment.kind) {
    case 'speech':
      return {
        ...timeOf(segment),
        kind: 'speech',
        position,
        segment,
        isContinuation: isSameVoice(before, segment),
      }
    case 'tool-call':
      return toolRow(position, { call: segment, result: null })
    case 'event':
      return { ...timeOf(segment), kind: 'event', position, segment }
    default:
      return segment satisfies never
  }
}

function isSameVoice(before: TranscriptRow | undefined, segment: SpeechSegment): boolean {
  return (
    before?.kind === 'speech' &&
    before.segment.speaker === segment.speaker &&
    before.segment.party === segment.party
  )
}

function toolRow(
  position: number,
  parts: { call: ToolCallSegment; result: null } | { call: null; result: ToolResultSegment },
): ToolRow {
  const segment = parts.call ?? parts.result
  return {
    ...timeOf(segment),
    kind: 'tool',
    position,
    name: segment.name,
    ...parts,
    durationSeconds: null,
  }
}

function answer(row: ToolRow, result: ToolResultSegment): void {
  row.result = result
  row.endSeconds = result.endSeconds ?? result.startSeconds ?? row.endSeconds
  if (row.startSeconds === null || result.startSeconds === null) return
  if (hasGivenStart(row) && hasGivenStart(result)) {
    row.durationSeconds = Math.max(0, result.startSeconds - row.startSeconds)
  }
}

function hasGivenStart({ timing }: { timing: Timing }): boolean {
  return timing === 'given' || timing === 'estimated-end'
}

function timeOf({ startSeconds, endSeconds, timing }: RowTime): RowTime {
  return { startSeconds, endSeconds, timing }
}
