import type { Peaks } from './peak-level.ts'

/** A stretch in which nobody can be heard. Seconds from the start of the recording. */
export type Silence = { startSeconds: number; endSeconds: number }

/** About -33 dB of full scale: above the hiss of a telephone line, below a quiet voice. */
const AUDIBLE = 6 / 255

/** Shorter pauses belong to speech. */
const SHORTEST_SECONDS = 1

/** Kept at both ends, so that no word loses its first or last sound. */
const MARGIN_SECONDS = 0.2

/** Stretches longer than a second in which every channel is below the threshold, in order, apart from each other. */
export function findSilences({ rows, pointsPerSecond }: Peaks): Silence[] {
  const length = rows[0]?.length ?? 0
  const silences: Silence[] = []
  let start = 0
  for (let point = 0; point <= length; point++) {
    const isSilent = point < length && rows.every((row) => (row[point] ?? 0) < AUDIBLE)
    if (isSilent) continue
    const silence = { startSeconds: start / pointsPerSecond, endSeconds: point / pointsPerSecond }
    if (silence.endSeconds - silence.startSeconds > SHORTEST_SECONDS) silences.push(silence)
    start = point + 1
  }
  return silences
}

/** Where playback goes on when it is at `seconds` and skips silence; null where there is something to hear. */
export function skipTarget(silences: readonly Silence[], seconds: number): number | null {
  const silence = lastStartingBefore(silences, seconds)
  if (!silence) return null
  const from = silence.startSeconds + MARGIN_SECONDS
  const to = silence.endSeconds - MARGIN_SECONDS
  return seconds >= from && seconds < to ? to : null
}

/** How much shorter the whole recording gets, in seconds of recording. */
export function skippableSeconds(silences: readonly Silence[]): number {
  return silences.reduce(
    (sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds - 2 * MARGIN_SECONDS,
    0,
  )
}

function lastStartingBefore(silences: readonly Silence[], seconds: number): Silence | undefined {
  let low = 0
  let high = silences.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((silences[middle]?.startSeconds ?? Number.POSITIVE_INFINITY) <= seconds) low = middle + 1
    else high = middle
  }
  return silences[low - 1]
}
