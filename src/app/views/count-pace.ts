const SHORTEST_GAP_MS = 3000
const LONGEST_GAP_MS = 60_000
/** Of the time, at most a tenth goes into counting. */
const REST_PER_WORK = 9

/** How long to leave the server alone after counting took `tookMs`: the harder it was, the longer. */
export function restAfter(tookMs: number): number {
  return Math.min(LONGEST_GAP_MS, Math.max(SHORTEST_GAP_MS, tookMs * REST_PER_WORK))
}
