import { describe, expect, it } from 'vitest'
import { rowAfterKey } from './row-movement.ts'

describe('rowAfterKey', () => {
  const at = (index: number) => ({ index, rowCount: 100, pageRows: 20 })

  it('starts at the first row, from either direction', () => {
    expect(rowAfterKey('j', at(-1))).toBe(0)
    expect(rowAfterKey('ArrowUp', at(-1))).toBe(0)
  })

  it('moves by one row and by one window, and stops at the ends', () => {
    expect(rowAfterKey('ArrowDown', at(4))).toBe(5)
    expect(rowAfterKey('k', at(4))).toBe(3)
    expect(rowAfterKey('PageDown', at(4))).toBe(24)
    expect(rowAfterKey('PageDown', at(95))).toBe(99)
    expect(rowAfterKey('PageUp', at(4))).toBe(0)
    expect(rowAfterKey('Home', at(50))).toBe(0)
    expect(rowAfterKey('End', at(50))).toBe(99)
    expect(rowAfterKey('j', at(99))).toBe(99)
  })

  it('leaves other keys and an empty list alone', () => {
    expect(rowAfterKey('a', at(4))).toBeNull()
    expect(rowAfterKey('j', { index: -1, rowCount: 0, pageRows: 20 })).toBeNull()
  })
})
