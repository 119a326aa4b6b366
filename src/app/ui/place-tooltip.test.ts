import { describe, expect, it } from 'vitest'
import { placeTooltip } from './place-tooltip.ts'

const viewport = { width: 400, height: 300 }
const size = { width: 80, height: 20 }

describe('placeTooltip', () => {
  it('centres below the anchor with a gap of 6 px', () => {
    const anchor = { left: 100, top: 50, width: 40, height: 30 }
    // 100 + (40 - 80) / 2 = 80; 50 + 30 + 6 = 86
    expect(placeTooltip({ anchor, size, viewport, side: 'bottom' })).toEqual({ left: 80, top: 86 })
  })

  it('goes to the other side where there is no room', () => {
    const anchor = { left: 100, top: 260, width: 40, height: 30 }
    // below it would end at 316; above: 260 - 20 - 6 = 234
    expect(placeTooltip({ anchor, size, viewport, side: 'bottom' })).toEqual({ left: 80, top: 234 })
    const atTheEdge = { left: 380, top: 100, width: 20, height: 20 }
    // left of it: 380 - 80 - 6 = 294
    expect(placeTooltip({ anchor: atTheEdge, size, viewport, side: 'right' })).toEqual({
      left: 294,
      top: 100,
    })
  })

  it('stays 6 px inside the viewport', () => {
    const anchor = { left: 0, top: 50, width: 20, height: 20 }
    // centred it would start at -30
    expect(placeTooltip({ anchor, size, viewport, side: 'bottom' }).left).toBe(6)
  })
})
