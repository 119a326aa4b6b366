/** Runs the last scheduled function once, `waitMs` after the first of a burst. */
export function createTrailing(waitMs: number) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let latest: () => void = () => undefined
  return {
    schedule(run: () => void) {
      latest = run
      timer ??= setTimeout(() => {
        timer = undefined
        latest()
      }, waitMs)
    },
    cancel() {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
