import { describe, expect, it } from 'vitest'
import { placeList } from './place-list.ts'

const viewport = { width: 400, height: 600 }
const size = { width: 200, height: 300 }

describe('placeList', () => {
  it('hangs below its field where there is room', () => {
    const anchor = { left: 20, top: 100, width: 200, height: 30 }
    // 100 + 30 + 4 gap; 600 - 8 margin - 134 = 458 of room
    expect(placeList({ anchor, size, viewport })).toEqual({ left: 20, top: 134, maxHeight: 458 })
  })

  it('stands on its field where there is more room above', () => {
    const anchor = { left: 20, top: 500, width: 200, height: 30 }
    // 500 - 4 gap - 300 high; 500 - 4 - 8 margin = 488 of room
    expect(placeList({ anchor, size, viewport })).toEqual({ left: 20, top: 196, maxHeight: 488 })
  })

  it('stays below when it fits nowhere but there is more room there, cut to it', () => {
    const anchor = { left: 20, top: 100, width: 200, height: 30 }
    const tall = { width: 200, height: 900 }
    expect(placeList({ anchor, size: tall, viewport })).toEqual({
      left: 20,
      top: 134,
      maxHeight: 458,
    })
  })

  it('never crosses the edge of the viewport', () => {
    const anchor = { left: 300, top: 100, width: 90, height: 30 }
    // 400 - 8 margin - 200 wide
    expect(placeList({ anchor, size, viewport }).left).toBe(192)
    expect(placeList({ anchor, size: { width: 500, height: 10 }, viewport }).left).toBe(8)
  })
})
