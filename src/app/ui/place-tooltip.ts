export type Side = 'top' | 'bottom' | 'left' | 'right'

type Box = { left: number; top: number; width: number; height: number }
type Size = { width: number; height: number }

const GAP = 6
const MARGIN = 6

const OPPOSITE: Record<Side, Side> = { top: 'bottom', bottom: 'top', left: 'right', right: 'left' }

/**
 * The top left corner, in px of the viewport, of a box of `size` centred beside `anchor`: on `side`, on
 * the opposite side if there is no room, and never over the viewport's edge.
 */
export function placeTooltip(input: { anchor: Box; size: Size; viewport: Size; side: Side }): {
  left: number
  top: number
} {
  const { anchor, size, viewport, side } = input
  const wanted = beside(anchor, size, side)
  const { left, top } = fits(wanted, size, viewport, side)
    ? wanted
    : beside(anchor, size, OPPOSITE[side])
  return {
    left: clamp(left, MARGIN, viewport.width - size.width - MARGIN),
    top: clamp(top, MARGIN, viewport.height - size.height - MARGIN),
  }
}

function beside(anchor: Box, size: Size, side: Side) {
  const centredLeft = anchor.left + (anchor.width - size.width) / 2
  const centredTop = anchor.top + (anchor.height - size.height) / 2
  switch (side) {
    case 'top':
      return { left: centredLeft, top: anchor.top - size.height - GAP }
    case 'bottom':
      return { left: centredLeft, top: anchor.top + anchor.height + GAP }
    case 'left':
      return { left: anchor.left - size.width - GAP, top: centredTop }
    case 'right':
      return { left: anchor.left + anchor.width + GAP, top: centredTop }
    default:
      throw side satisfies never
  }
}

function fits(place: { left: number; top: number }, size: Size, viewport: Size, side: Side) {
  return side === 'top' || side === 'bottom'
    ? place.top >= MARGIN && place.top + size.height <= viewport.height - MARGIN
    : place.left >= MARGIN && place.left + size.width <= viewport.width - MARGIN
}

function clamp(value: number, low: number, high: number) {
  return Math.max(low, Math.min(value, high))
}
