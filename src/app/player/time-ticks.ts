/** Steps that people read without counting, in seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600] as const

/** Seconds at which a time axis has a label: whole steps, at least `spacingPixels` apart, the last with room before the end. */
export function timeTicks({
  durationSeconds,
  widthPixels,
  spacingPixels,
}: {
  durationSeconds: number
  widthPixels: number
  spacingPixels: number
}): number[] {
  if (durationSeconds <= 0 || widthPixels <= 0) return []
  const secondsPerLabel = (spacingPixels / widthPixels) * durationSeconds
  const step = STEPS.find((each) => each >= secondsPerLabel) ?? 3600
  const last = durationSeconds - secondsPerLabel / 2
  return Array.from({ length: Math.max(0, Math.floor(last / step)) + 1 }, (_, i) => i * step)
}
