/** The speeds that `[` and `]` step through. */
export const PLAYBACK_RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const

/** The next slower (-1) or faster (1) speed; at either end the speed stays. */
export function stepRate(rate: number, direction: -1 | 1): number {
  const next =
    direction === 1
      ? PLAYBACK_RATES.find((each) => each > rate)
      : PLAYBACK_RATES.findLast((each) => each < rate)
  return next ?? rate
}

/** A stored speed, if it is one of ours; 1 otherwise. */
export function parseRate(text: string | null): number {
  const rate = Number(text)
  return PLAYBACK_RATES.find((each) => each === rate) ?? 1
}
