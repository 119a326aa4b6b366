/** Rows in the document at once, whatever the window's height. */
const MOST_ROWS = 58

/** Drawn beyond the window's edge, where the next rows come from and where they go. */
const AHEAD = 8
const BEHIND = 2

type Window = {
  /** First and last row in view. */
  startIndex: number
  endIndex: number
  rowCount: number
  /** How many rows the window has moved down since it was last drawn; negative for up. */
  moved: number
}

/**
 * Which rows to draw: those in view and some around them, more on the side the window moves to. A
 * window that has jumped further than its own height is being thrown: rows around it are drawn in vain.
 */
export function drawnRows({ startIndex, endIndex, rowCount, moved }: Window): number[] {
  const inView = endIndex - startIndex + 1
  const spare = Math.max(0, Math.floor((MOST_ROWS - inView) / 2))
  const ahead = Math.min(spare, Math.abs(moved) > inView ? BEHIND : AHEAD)
  const behind = Math.min(spare, BEHIND)
  const first = Math.max(0, startIndex - (moved > 0 ? behind : ahead))
  const last = Math.min(rowCount - 1, endIndex + (moved < 0 ? behind : ahead))
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** `drawnRows` as the virtualizer wants it, remembering where the window was. */
export function createRangeExtractor() {
  let lastStart = 0
  return (range: { startIndex: number; endIndex: number; count: number }) => {
    const moved = range.startIndex - lastStart
    lastStart = range.startIndex
    return drawnRows({ ...range, rowCount: range.count, moved })
  }
}
