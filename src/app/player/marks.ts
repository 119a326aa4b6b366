import type { Segment, SpeechSegment } from '#contract/transcript.ts'
import { type ToolRow, transcriptRows } from './transcript-rows.ts'

/** What the track under the waveform shows. `overlap` holds interruptions too. */
export type MarkKind = 'tool-call' | 'tool-error' | 'overlap' | 'slow-reply'

/** A place on the recording worth a look. Seconds; `endSeconds` equals `startSeconds` for a moment. */
export type Mark = {
  kind: MarkKind
  startSeconds: number
  endSeconds: number
  /** A short sentence, without the time. */
  text: string
}

/** A reply after this long is slow to a caller's ear. The hosted dashboard draws its threshold here too. */
const SLOW_REPLY_SECONDS = 2

/** Below this, two speakers touch rather than overlap: times of transcripts are no better. */
const SHORTEST_OVERLAP_SECONDS = 0.2

type TimedSpeech = SpeechSegment & { startSeconds: number; endSeconds: number }

/** All marks that the times of a transcript support, by start. Estimated times make no gap and no overlap. */
export function marksOf(segments: readonly Segment[]): Mark[] {
  const speech = segments.filter(isTimedSpeech).sort((a, b) => a.startSeconds - b.startSeconds)
  return [...toolMarks(segments), ...overlapMarks(speech), ...slowReplyMarks(speech)].sort(
    (a, b) => a.startSeconds - b.startSeconds,
  )
}

function isTimedSpeech(segment: Segment): segment is TimedSpeech {
  return segment.kind === 'speech' && segment.startSeconds !== null && segment.endSeconds !== null
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

function overlapMarks(speech: readonly TimedSpeech[]): Mark[] {
  const marks: Mark[] = []
  let open: TimedSpeech[] = []
  for (const later of speech) {
    open = open.filter((earlier) => earlier.endSeconds > later.startSeconds)
    for (const earlier of open) {
      const mark = overlapMark(earlier, later)
      if (mark) marks.push(mark)
    }
    open.push(later)
  }
  return [...marks, ...cutOffMarks(speech, marks)]
}

function overlapMark(earlier: TimedSpeech, later: TimedSpeech): Mark | null {
  const areGiven = earlier.timing === 'given' && later.timing === 'given'
  if (!areGiven || earlier.speaker === later.speaker) return null
  const startSeconds = later.startSeconds
  const endSeconds = Math.min(earlier.endSeconds, later.endSeconds)
  if (endSeconds - startSeconds < SHORTEST_OVERLAP_SECONDS) return null
  const length = milliseconds(endSeconds - startSeconds)
  const text = earlier.isInterrupted
    ? `The ${later.speaker} cuts the ${earlier.speaker} off, ${length} of overlap`
    : `Both speak for ${length}`
  return { kind: 'overlap', startSeconds, endSeconds, text }
}

/** Speakers who were cut off without both voices being heard at once. */
function cutOffMarks(speech: readonly TimedSpeech[], overlaps: readonly Mark[]): Mark[] {
  return speech
    .filter((segment) => segment.isInterrupted)
    .filter(({ startSeconds, endSeconds }) =>
      overlaps.every((mark) => mark.startSeconds > endSeconds || mark.endSeconds < startSeconds),
    )
    .map(({ speaker, endSeconds }) => ({
      kind: 'overlap',
      startSeconds: endSeconds,
      endSeconds,
      text: `The ${speaker} is cut off`,
    }))
}

function slowReplyMarks(speech: readonly TimedSpeech[]): Mark[] {
  const marks: Mark[] = []
  let silentSince: number | null = null
  for (const [i, segment] of speech.entries()) {
    const previous = speech[i - 1]
    const isReply = segment.speaker === 'agent' && previous?.speaker === 'caller'
    const hasTimes = previous?.timing === 'given' && segment.timing !== 'estimated'
    if (isReply && hasTimes && silentSince !== null) {
      const gapSeconds = segment.startSeconds - silentSince
      if (gapSeconds >= SLOW_REPLY_SECONDS) {
        marks.push({
          kind: 'slow-reply',
          startSeconds: silentSince,
          endSeconds: segment.startSeconds,
          text: `The agent replies after ${milliseconds(gapSeconds)}`,
        })
      }
    }
    silentSince = Math.max(silentSince ?? 0, segment.endSeconds)
  }
  return marks
}

/** Where the next slow reply begins, from the first again after the last; null where every reply was quick. */
export function nextSlowReply(marks: readonly Mark[], seconds: number): number | null {
  const starts = marks.filter((mark) => mark.kind === 'slow-reply').map((mark) => mark.startSeconds)
  return starts.find((start) => start > seconds + SAME_PLACE_SECONDS) ?? starts[0] ?? null
}

/** A seek may land a few milliseconds beside its target. */
const SAME_PLACE_SECONDS = 0.05

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
