/** The value below which `share` (0..1) of `values` lie, by nearest rank; `values` in any order, not empty. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = Math.max(1, Math.ceil(share * sorted.length))
  const value = sorted[rank - 1]
  if (value === undefined)
    throw new Error('Nothing was measured: there is no percentile of nothing.')
  return value
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}
