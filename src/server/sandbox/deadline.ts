/** Once over, it stays over until it is extended. */
export type Deadline = {
  isOver: () => boolean
  wasOver: () => boolean
  extend: (ms: number) => void
}

export function startDeadline(ms: number): Deadline {
  let end = performance.now() + ms
  let wasOver = false
  return {
    isOver() {
      if (performance.now() < end) return false
      wasOver = true
      return true
    },
    wasOver: () => wasOver,
    extend(moreMs) {
      end = performance.now() + moreMs
    },
  }
}
