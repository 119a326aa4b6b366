import {
  lengthSeconds,
  type Overlap,
  overlaps,
  responseGaps,
  type Stretch,
} from '#contract/conversation.ts'
import type { Segment } from '#contract/transcript.ts'
import { isSlowReply, milliseconds, replyText } from './marks.ts'

/** A wait for the agent, or both speaking at once; `seconds` is its length. */
export type Gap = Stretch & { kind: 'reply' | 'overlap'; seconds: number; isSlow: boolean }

/**
 * Every wait and every overlap that a transcript's given times show, by start. A reply is slow once it takes longer
 * than `budgetSeconds`; an overlap never is.
 */
export function gapsOf(segments: readonly Segment[], budgetSeconds: number): Gap[] {
  const replies = responseGaps(segments).map((gap) => toReply(gap, budgetSeconds))
  return [...replies, ...overlaps(segments).map(toOverlap)].sort(
    (a, b) => a.startSeconds - b.startSeconds,
  )
}

function toReply(gap: Stretch, budgetSeconds: number): Gap {
  const isSlow = isSlowReply(gap, budgetSeconds)
  return { kind: 'reply', ...gap, seconds: lengthSeconds(gap), isSlow }
}

function toOverlap({ startSeconds, endSeconds }: Overlap): Gap {
  const seconds = lengthSeconds({ startSeconds, endSeconds })
  return { kind: 'overlap', startSeconds, endSeconds, seconds, isSlow: false }
}

/** What a gap is, in a sentence without the time. */
export function gapText(gap: Gap, budgetSeconds: number): string {
  if (gap.kind === 'overlap') return `Both speak for ${milliseconds(gap.seconds)}`
  return replyText(gap, budgetSeconds)
}

/** One long silence must not press the budget line and everything else to the ground. */
const MOST_BUDGETS = 5

/** Seconds at the upper edge of the ribbon: from twice to five times the budget, as the longest gap asks. */
export function ribbonTopSeconds(gaps: readonly Gap[], budgetSeconds: number): number {
  const longest = gaps.reduce((max, { seconds }) => Math.max(max, seconds), 0)
  return Math.min(Math.max(2 * budgetSeconds, longest), MOST_BUDGETS * budgetSeconds)
}

/** A gap narrower or lower than this would not be seen. */
const LEAST_PIXELS = 2

/** Bars of `gaps` as one SVG path, in pixels from the upper left corner of the ribbon. Empty without gaps. */
export function barPath(
  gaps: readonly Gap[],
  box: {
    durationSeconds: number
    topSeconds: number
    widthPixels: number
    heightPixels: number
  },
): string {
  const pixelsPerSecond = box.widthPixels / box.durationSeconds
  return gaps
    .map(({ startSeconds, seconds }) => {
      const width = Math.max(LEAST_PIXELS, seconds * pixelsPerSecond)
      const height = Math.max(
        LEAST_PIXELS,
        Math.min(1, seconds / box.topSeconds) * box.heightPixels,
      )
      // A bar at the very end stays inside.
      const left = Math.min(startSeconds * pixelsPerSecond, box.widthPixels - width)
      return `M${rounded(left)} ${rounded(box.heightPixels)}v${rounded(-height)}h${rounded(width)}v${rounded(height)}z`
    })
    .join('')
}

function rounded(pixels: number): number {
  return Math.round(pixels * 100) / 100
}

/** Place of the gap at `seconds`, or of the nearest that is at most `reachSeconds` away; -1 where there is none. */
export function gapNear(
  gaps: readonly Gap[],
  { seconds, reachSeconds }: { seconds: number; reachSeconds: number },
): number {
  let nearest = -1
  let least = reachSeconds
  for (const [i, { startSeconds, endSeconds }] of gaps.entries()) {
    const away = Math.max(startSeconds - seconds, seconds - endSeconds, 0)
    if (away > least || (away === least && nearest >= 0)) continue
    nearest = i
    least = away
  }
  return nearest
}
