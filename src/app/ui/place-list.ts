type Box = { left: number; top: number; width: number; height: number }
type Size = { width: number; height: number }

const GAP = 4
const MARGIN = 8

/**
 * Where a list goes that belongs to `anchor`, in px of the viewport: below it, or above where there is more room and
 * the list needs it. `maxHeight` is the room there is; `size` is what the list would like.
 */
export function placeList(input: { anchor: Box; size: Size; viewport: Size }): {
  left: number
  top: number
  maxHeight: number
} {
  const { anchor, size, viewport } = input
  const below = viewport.height - MARGIN - (anchor.top + anchor.height + GAP)
  const above = anchor.top - GAP - MARGIN
  const isBelow = below >= size.height || below >= above
  const maxHeight = Math.max(0, isBelow ? below : above)
  const height = Math.min(size.height, maxHeight)
  const rightmost = viewport.width - MARGIN - size.width
  return {
    left: Math.max(MARGIN, Math.min(anchor.left, rightmost)),
    top: isBelow ? anchor.top + anchor.height + GAP : anchor.top - GAP - height,
    maxHeight,
  }
}
