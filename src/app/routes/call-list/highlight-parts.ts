export type HighlightPart = { text: string; isHit: boolean }

/** `text` cut at the ranges, in order. Ranges as `SearchHit` has them; what lies outside of the text is left out. */
export function highlightParts(
  text: string,
  ranges: readonly (readonly [number, number])[],
): HighlightPart[] {
  const parts: HighlightPart[] = []
  let at = 0
  for (const [start, end] of ranges) {
    const [from, to] = [Math.max(start, at), Math.min(end, text.length)]
    if (to <= from) continue
    parts.push(
      { text: text.slice(at, from), isHit: false },
      { text: text.slice(from, to), isHit: true },
    )
    at = to
  }
  parts.push({ text: text.slice(at), isHit: false })
  return parts.filter((part) => part.text !== '')
}
