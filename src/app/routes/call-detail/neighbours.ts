/** The calls before and after one in its list, as far as its rows are loaded. */
export type Neighbours = {
  previousId: number | null
  nextId: number | null
  /** The call is not among the loaded rows. */
  isUnknown: boolean
}

/** A list as far as it is loaded, in its order. */
export type CallRun = { rows: readonly { id: number }[]; isGrowing: boolean }

export type Direction = 'next' | 'previous'

/** `loading`: rows on their way may tell. `none`: the list ends here, or does not have the call. */
export type StepEnd = { kind: 'found'; id: number } | { kind: 'loading' | 'none' }

/** `rows` in the order of the list. */
export function findNeighbours(rows: readonly { id: number }[], id: number): Neighbours {
  const index = rows.findIndex((row) => row.id === id)
  return {
    previousId: rows[index - 1]?.id ?? null,
    nextId: index < 0 ? null : (rows[index + 1]?.id ?? null),
    isUnknown: index < 0,
  }
}

/** Where one step through the list leads. */
export function stepFrom(
  { rows, isGrowing }: CallRun,
  { fromId, direction }: { fromId: number; direction: Direction },
): StepEnd {
  const { previousId, nextId, isUnknown } = findNeighbours(rows, fromId)
  const id = direction === 'next' ? nextId : previousId
  if (id !== null) return { kind: 'found', id }
  // Rows are added at the end: above the first call nothing is to come.
  const canCome = isGrowing && (isUnknown || direction === 'next')
  return { kind: canCome ? 'loading' : 'none' }
}
