import { lengthSeconds, type Stretch } from '#contract/conversation.ts'
import type { Mark, MarkKind } from './marks.ts'

/** Heard before and after each moment, so that it is understood. */
const MARGIN_SECONDS = 2

/** A seek may land a few milliseconds before its target. */
const SAME_PLACE_SECONDS = 0.05

/** Why a stretch of the recording is worth hearing, in the words of the player. A tool that answered is not. */
const MATTERS = {
  'tool-error': 'failed tool',
  overlap: 'overlap',
  'slow-reply': 'slow reply',
  evidence: 'evidence',
  comment: 'comment',
} as const satisfies Partial<Record<MarkKind, string>>

export type HighlightKind = keyof typeof MATTERS

/** One part of the reel, margins included, and what is heard in it, each kind once, by time. */
export type HighlightPart = Stretch & { kinds: readonly HighlightKind[] }

/**
 * What matters of a recording: the moments of `marks` with two seconds before and after, inside the recording, joined
 * where they meet. By start and apart from each other; empty where nothing matters.
 */
export function highlightParts(marks: readonly Mark[], durationSeconds: number): HighlightPart[] {
  const parts: (Stretch & { kinds: HighlightKind[] })[] = []
  const moments = marks.flatMap((mark) => withMargin(mark, durationSeconds))
  for (const moment of moments.toSorted((a, b) => a.startSeconds - b.startSeconds)) {
    const { kind, startSeconds, endSeconds } = moment
    const last = parts.at(-1)
    if (last && startSeconds <= last.endSeconds) {
      last.endSeconds = Math.max(last.endSeconds, endSeconds)
      if (!last.kinds.includes(kind)) last.kinds.push(kind)
    } else {
      parts.push({ startSeconds, endSeconds, kinds: [kind] })
    }
  }
  return parts
}

function withMargin(mark: Mark, durationSeconds: number): (Stretch & { kind: HighlightKind })[] {
  if (!isHighlight(mark.kind)) return []
  const startSeconds = Math.max(0, mark.startSeconds - MARGIN_SECONDS)
  const endSeconds = Math.min(durationSeconds, mark.endSeconds + MARGIN_SECONDS)
  // A transcript may go on after its recording ends.
  return startSeconds < endSeconds ? [{ kind: mark.kind, startSeconds, endSeconds }] : []
}

export function isHighlight(kind: MarkKind): kind is HighlightKind {
  return kind in MATTERS
}

/** How long it takes to hear all parts at normal speed. */
export function reelSeconds(parts: readonly Stretch[]): number {
  return parts.reduce((sum, part) => sum + lengthSeconds(part), 0)
}

/** `slow reply and failed tool`. */
export function highlightText({ kinds }: HighlightPart): string {
  return kinds.map((kind) => MATTERS[kind]).join(' and ')
}

/** Place of the part that `seconds` lies in; -1 between parts. Takes parts by start. */
export function partAt(parts: readonly Stretch[], seconds: number): number {
  const place = parts.findLastIndex(
    ({ startSeconds }) => startSeconds <= seconds + SAME_PLACE_SECONDS,
  )
  const part = parts[place]
  return part && seconds < part.endSeconds ? place : -1
}

/**
 * Where playback of the parts alone goes on when it is at `seconds`, and the place of that part: inside one right
 * there, between two at the start of the next; null after the last. Takes parts by start.
 */
export function goOnAt(
  parts: readonly Stretch[],
  seconds: number,
): { place: number; seconds: number } | null {
  const here = partAt(parts, seconds)
  if (here >= 0) return { place: here, seconds }
  const place = parts.findIndex(({ startSeconds }) => startSeconds > seconds)
  const next = parts[place]
  return next ? { place, seconds: next.startSeconds } : null
}
