/** The value that `share` (0 to 1) of all values, rounded down, lie before in order; the largest at most. Null of none. */
export function valueAtShare(values: Float32Array, share: number): number | null {
  const sorted = values.toSorted()
  const index = Math.min(sorted.length - 1, Math.floor(sorted.length * share))
  return sorted[index] ?? null
}
