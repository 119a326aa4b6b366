type TrailingOptions = {
  /** From the first of a burst to the run. */
  waitMs: number
  /** At least this long between two runs. */
  gapMs?: number
}

/** Runs the last scheduled function once per burst. */
export function createTrailing({ waitMs, gapMs = 0 }: TrailingOptions) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let latest: () => void = () => undefined
  let ranAt = Number.NEGATIVE_INFINITY

  const run = () => {
    timer = undefined
    ranAt = performance.now()
    latest()
  }
  return {
    schedule(next: () => void) {
      latest = next
      timer ??= setTimeout(run, Math.max(waitMs, ranAt + gapMs - performance.now()))
    },
    cancel() {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
