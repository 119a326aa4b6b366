const grouped = new Intl.NumberFormat('en')

/** `12,345`. */
export function formatCount(count: number): string {
  return grouped.format(count)
}

/** `1 call`, `12,345 calls`, `2 entries`: pass the plural where it is not an added s. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}
