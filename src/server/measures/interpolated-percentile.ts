/**
 * The value below which `part` per cent of `values` lie, 0 to 100; between two of them it is interpolated linearly.
 * Takes at least one value, in any order.
 */
export function interpolatedPercentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const place = (part / 100) * (sorted.length - 1)
  const below = sorted[Math.floor(place)] ?? 0
  const above = sorted[Math.ceil(place)] ?? below
  return below + (above - below) * (place - Math.floor(place))
}
