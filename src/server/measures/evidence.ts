import { lengthSeconds, type Stretch } from '#contract/conversation.ts'
import type { Evidence } from '#contract/metric-result.ts'
import type { Segment, Speaker } from '#contract/transcript.ts'
import { toClock } from '#contract/wire/duration.ts'

/** More moments than these nobody looks at. */
const MOST_MOMENTS = 5
const LONGEST_QUOTE = 160
/** Sound and transcript are never timed alike. */
const NEAR_SECONDS = 0.5

/** A moment of the sound, and whose words at its start show it; null: anyone's. */
export type Moment = Stretch & { speaker: Speaker | null; note: string }

/** The longest of `stretches`, longest first. */
export function longest<T extends Stretch>(stretches: readonly T[]): T[] {
  return stretches.toSorted((a, b) => lengthSeconds(b) - lengthSeconds(a)).slice(0, MOST_MOMENTS)
}

/** The first of `things`, as many as are worth showing. */
export function first<T>(things: readonly T[]): T[] {
  return things.slice(0, MOST_MOMENTS)
}

/** The moment with the words of the transcript that are spoken at its start, if there are any. */
export function evidenceAt(
  segments: readonly Segment[],
  { speaker, startSeconds, endSeconds, note }: Moment,
): Evidence {
  const segmentIndex = segmentNear(segments, { speaker, atSeconds: startSeconds })
  const segment = segmentIndex === null ? undefined : segments[segmentIndex]
  return {
    segmentIndex,
    quote: segment ? shortened(wordsOf(segment)) : '',
    startSeconds: Math.max(0, startSeconds),
    endSeconds: Math.max(0, endSeconds),
    isFound: true,
    note,
  }
}

/** A whole segment; without times where it has none. */
export function evidenceOf(
  segments: readonly Segment[],
  { segmentIndex, note }: { segmentIndex: number; note: string },
): Evidence {
  const segment = segments[segmentIndex]
  const clipped = (seconds: number | null | undefined) =>
    seconds === null || seconds === undefined ? null : Math.max(0, seconds)
  return {
    segmentIndex,
    quote: segment ? shortened(wordsOf(segment)) : '',
    startSeconds: clipped(segment?.startSeconds),
    endSeconds: clipped(segment?.endSeconds),
    isFound: true,
    note,
  }
}

/** `(MM:SS)`, as explanations name moments. */
export function at(seconds: number): string {
  return `(${toClock(seconds)})`
}

/** Seconds to the tenth: `4.6 s`. */
export function inSeconds(seconds: number): string {
  return `${Math.round(seconds * 10) / 10} s`
}

/** `1 turn`, `2 turns`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** Which times were used: the end of an explanation. */
export function basisWords(basis: 'transcript' | 'audio'): string {
  return basis === 'audio' ? 'Measured in the sound.' : 'Read from the transcript.'
}

export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals))
}

/** The speech that is going on at that second, or nearest to it; the later one of two. */
function segmentNear(
  segments: readonly Segment[],
  { speaker, atSeconds }: { speaker: Speaker | null; atSeconds: number },
): number | null {
  let nearest: number | null = null
  let distance = NEAR_SECONDS
  for (const [index, segment] of segments.entries()) {
    if (segment.kind !== 'speech' || (speaker !== null && segment.speaker !== speaker)) continue
    const { startSeconds, endSeconds } = segment
    if (startSeconds === null || endSeconds === null) continue
    const away = Math.max(startSeconds - atSeconds, atSeconds - endSeconds, 0)
    if (away > distance) continue
    nearest = index
    distance = away
  }
  return nearest
}

function wordsOf(segment: Segment): string {
  switch (segment.kind) {
    case 'speech':
    case 'event':
      return segment.text
    case 'tool-call':
      return segment.argumentsText
    case 'tool-result':
      return segment.resultText
  }
}

/** At most 160 characters, cut between words where there are any. */
export function shortened(text: string): string {
  if (text.length <= LONGEST_QUOTE) return text
  const cut = text.slice(0, LONGEST_QUOTE)
  const lastSpace = cut.lastIndexOf(' ')
  return `${cut.slice(0, lastSpace > LONGEST_QUOTE / 2 ? lastSpace : LONGEST_QUOTE)}…`
}
