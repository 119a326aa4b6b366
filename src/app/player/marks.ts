import {
  type CutOff,
  cutOffs,
  lengthSeconds,
  type Overlap,
  overlaps,
  responseGaps,
  type Stretch,
} from '#contract/conversation.ts'
import type { Segment, Speaker } from '#contract/transcript.ts'
import { type ToolRow, transcriptRows } from './transcript-rows.ts'

/** What the track under the waveform shows. `overlap` holds interruptions too; `evidence` is what results rest on. */
export type MarkKind =
  | 'tool-call'
  | 'tool-error'
  | 'overlap'
  | 'slow-reply'
  | 'evidence'
  | 'comment'

/** A place on the recording worth a look. Seconds; `endSeconds` equals `startSeconds` for a moment. */
export type Mark = {
  kind: MarkKind
  startSeconds: number
  endSeconds: number
  /** A short sentence, without the time. */
  text: string
}

/**
 * All marks that the times of a transcript support, by start. Estimated times make no gap and no overlap; a reply is
 * slow once it takes longer than `budgetSeconds`.
 */
export function marksOf(segments: readonly Segment[], budgetSeconds: number): Mark[] {
  return [
    ...toolMarks(segments),
    ...overlapMarks(segments),
    ...slowReplyMarks(segments, budgetSeconds),
  ].sort((a, b) => a.startSeconds - b.startSeconds)
}

function toolMarks(segments: readonly Segment[]): Mark[] {
  return transcriptRows(segments).flatMap((row) =>
    row.kind === 'tool' && row.startSeconds !== null ? [toolMark(row, row.startSeconds)] : [],
  )
}

function toolMark(row: ToolRow, startSeconds: number): Mark {
  const isError = row.result?.isError === true
  return {
    kind: isError ? 'tool-error' : 'tool-call',
    startSeconds,
    endSeconds: startSeconds,
    text: isError ? `${row.name} failed` : row.name,
  }
}

function overlapMarks(segments: readonly Segment[]): Mark[] {
  const found = overlaps(segments)
  const cut = cutOffs(segments, found)
  const speakerCutBy = new Map(cut.map(({ overlap, segment }) => [overlap, segment.speaker]))
  return [
    ...found.map((overlap) => overlapMark(overlap, speakerCutBy.get(overlap))),
    ...cut.flatMap(cutOffMark),
  ]
}

function overlapMark(overlap: Overlap, cutOff: Speaker | undefined): Mark {
  const { startSeconds, endSeconds, startedBy } = overlap
  const length = milliseconds(lengthSeconds(overlap))
  const text =
    cutOff && startedBy
      ? `The ${startedBy} cuts the ${cutOff} off, ${length} of overlap`
      : `Both speak for ${length}`
  return { kind: 'overlap', startSeconds, endSeconds, text }
}

/** Speakers who were cut off without both voices being heard at once. */
function cutOffMark({ segment: { speaker, endSeconds }, overlap }: CutOff): Mark[] {
  if (overlap !== null || endSeconds === null) return []
  return [
    {
      kind: 'overlap',
      startSeconds: endSeconds,
      endSeconds,
      text: `The ${speaker} is cut off`,
    },
  ]
}

function slowReplyMarks(segments: readonly Segment[], budgetSeconds: number): Mark[] {
  return responseGaps(segments)
    .filter((gap) => isSlowReply(gap, budgetSeconds))
    .map((gap) => slowReplyMark(gap, budgetSeconds))
}

function slowReplyMark(gap: Stretch, budgetSeconds: number): Mark {
  return { kind: 'slow-reply', ...gap, text: replyText(gap, budgetSeconds) }
}

/** True once the wait is longer than the budget: one that just keeps it is not slow. */
export function isSlowReply(gap: Stretch, budgetSeconds: number): boolean {
  return lengthSeconds(gap) > budgetSeconds
}

/** `The agent replies after 2,430 ms (budget 1,500 ms)`. */
export function replyText(gap: Stretch, budgetSeconds: number): string {
  const wait = milliseconds(lengthSeconds(gap))
  return `The agent replies after ${wait} (budget ${milliseconds(budgetSeconds)})`
}

/** A moment that a result points to, and the words that name it. */
export type PointedMoment = { startSeconds: number | null; metricName: string; quote: string }

/** One mark for each thing said of a second; `marks` and these, by start. */
export function withEvidence(
  marks: readonly Mark[],
  moments: readonly PointedMoment[],
): readonly Mark[] {
  if (moments.length === 0) return marks
  const evidence = new Map(moments.flatMap(evidenceMark).map((mark) => [keyOf(mark), mark]))
  return [...marks, ...evidence.values()].sort((a, b) => a.startSeconds - b.startSeconds)
}

/** The first of `moments` that an evidence mark speaks of; null for every other mark. */
export function momentOf<Moment extends PointedMoment>(
  mark: Mark,
  moments: readonly Moment[],
): Moment | null {
  if (mark.kind !== 'evidence') return null
  const key = keyOf(mark)
  return moments.find((moment) => evidenceMark(moment).some((own) => keyOf(own) === key)) ?? null
}

function evidenceMark({ startSeconds, metricName, quote }: PointedMoment): Mark[] {
  if (startSeconds === null) return []
  const text = quote === '' ? metricName : `${metricName}: “${shortened(quote)}”`
  return [{ kind: 'evidence', startSeconds, endSeconds: startSeconds, text }]
}

function keyOf({ startSeconds, text }: Mark): string {
  return `${startSeconds} ${text}`
}

const QUOTE_LENGTH = 80

function shortened(quote: string): string {
  return quote.length <= QUOTE_LENGTH ? quote : `${quote.slice(0, QUOTE_LENGTH).trimEnd()}…`
}

/** The slow replies among `marks`, the longest wait first; the earlier first where two are as long. */
export function slowRepliesByLength(marks: readonly Mark[]): Mark[] {
  return marks
    .filter(({ kind }) => kind === 'slow-reply')
    .sort((a, b) => lengthSeconds(b) - lengthSeconds(a) || a.startSeconds - b.startSeconds)
}

/** `2,430 ms`. */
export function milliseconds(seconds: number): string {
  return `${Math.round(seconds * 1000).toLocaleString('en')} ms`
}

/** Marks whose targets would touch, as one; `at` is the place of the first, 0 to 1. */
export type MarkCluster = { at: number; marks: readonly [Mark, ...Mark[]] }

/** Groups marks (by start) so that no two groups begin closer than `spacingPixels` on a track of `widthPixels`. */
export function clusterMarks(
  marks: readonly Mark[],
  track: { durationSeconds: number; widthPixels: number; spacingPixels: number },
): MarkCluster[] {
  const clusters: { at: number; marks: [Mark, ...Mark[]] }[] = []
  for (const mark of marks) {
    const at = Math.min(1, mark.startSeconds / track.durationSeconds)
    const last = clusters.at(-1)
    if (last && (at - last.at) * track.widthPixels < track.spacingPixels) last.marks.push(mark)
    else clusters.push({ at, marks: [mark] })
  }
  return clusters
}
