/** Where the active row is. `index` is -1 while none is active. */
type Position = {
  index: number
  rowCount: number
  /** Whole rows that fit the window. */
  pageRows: number
}

/** The row that becomes active on a key, or null if the key does not move in a list. */
export function rowAfterKey(key: string, { index, rowCount, pageRows }: Position): number | null {
  if (rowCount === 0) return null
  const last = rowCount - 1
  const within = (row: number) => Math.min(Math.max(row, 0), last)
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return within(index + 1)
    case 'ArrowUp':
    case 'k':
      return within(index - 1)
    case 'PageDown':
      return within(Math.max(index, 0) + pageRows)
    case 'PageUp':
      return within(Math.max(index, 0) - pageRows)
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return null
  }
}
