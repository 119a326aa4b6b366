import { describe, expect, it } from 'vitest'
import { drawnRows } from './drawn-rows.ts'

describe('drawnRows', () => {
  const inView = { startIndex: 100, endIndex: 119, rowCount: 1000 }
  const ends = (rows: number[]) => [rows[0], rows.at(-1), rows.length]

  it('draws eight rows on both sides of a window that rests', () => {
    expect(ends(drawnRows({ ...inView, moved: 0 }))).toEqual([92, 127, 36])
  })

  it('draws more where the window is going', () => {
    expect(ends(drawnRows({ ...inView, moved: 3 }))).toEqual([98, 127, 30])
    expect(ends(drawnRows({ ...inView, moved: -3 }))).toEqual([92, 121, 30])
  })

  it('draws little around a window that jumps', () => {
    expect(ends(drawnRows({ ...inView, moved: 500 }))).toEqual([98, 121, 24])
  })

  it('stays within the list', () => {
    expect(ends(drawnRows({ startIndex: 0, endIndex: 4, rowCount: 5, moved: 0 }))).toEqual([
      0, 4, 5,
    ])
    expect(drawnRows({ startIndex: 0, endIndex: -1, rowCount: 0, moved: 0 })).toEqual([])
  })

  it('never has 60 rows unless the window itself shows them', () => {
    // 50 in view leave (58 - 50) / 2 = 4 on each side.
    const tall = { startIndex: 100, endIndex: 149, rowCount: 1000, moved: 0 }
    expect(drawnRows(tall)).toHaveLength(58)
    expect(drawnRows({ ...tall, endIndex: 179 })).toHaveLength(80)
  })
})
