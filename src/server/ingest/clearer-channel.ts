/** One way round must agree with the transcript better than the other by this factor to count. */
const CLEAR_FACTOR = 1.5

/** The channel for which more speaks, by any measure; null where it is not clear. */
export function clearerChannel(onFirst: number, onSecond: number): 0 | 1 | null {
  if (onFirst > onSecond * CLEAR_FACTOR) return 0
  if (onSecond > onFirst * CLEAR_FACTOR) return 1
  return null
}
