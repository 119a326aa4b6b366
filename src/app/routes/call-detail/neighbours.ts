/** The calls before and after one in its list, as far as its rows are loaded. */
export type Neighbours = {
  previousId: number | null
  nextId: number | null
  /** The call is not among the loaded rows. */
  isUnknown: boolean
}

/** `rows` in the order of the list. */
export function findNeighbours(rows: readonly { id: number }[], id: number): Neighbours {
  const index = rows.findIndex((row) => row.id === id)
  return {
    previousId: rows[index - 1]?.id ?? null,
    nextId: index < 0 ? null : (rows[index + 1]?.id ?? null),
    isUnknown: index < 0,
  }
}
