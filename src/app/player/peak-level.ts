/** One zoom level as the page holds it: a row per channel, all of one length, each value 0 to 1. */
export type Peaks = { pointsPerSecond: number; rows: readonly Float32Array<ArrayBuffer>[] }

/** Two points for each pixel keep short sounds visible; more is drawn over itself. */
const POINTS_PER_PIXEL = 2

/** Coarse enough to be small for an hour of audio, fine enough to hear no word cut off. */
const SILENCE_POINTS_PER_SECOND = 10

/**
 * The coarsest of the stored levels that still has a point for every half pixel, or the finest there is.
 * `levels` in any order; null when nothing is stored.
 */
export function choosePeakLevel(
  levels: readonly number[],
  { durationSeconds, widthPixels }: { durationSeconds: number; widthPixels: number },
): number | null {
  const coarseToFine = [...levels].sort((a, b) => a - b)
  const wanted = widthPixels * POINTS_PER_PIXEL
  return (
    coarseToFine.find((level) => level * durationSeconds >= wanted) ?? coarseToFine.at(-1) ?? null
  )
}

/** The level silence is looked for in: 10 points per second, or the nearest finer one; null when none is fine enough. */
export function silencePeakLevel(levels: readonly number[]): number | null {
  const fineEnough = levels.filter((level) => level >= SILENCE_POINTS_PER_SECOND)
  return fineEnough.length > 0 ? Math.min(...fineEnough) : null
}
