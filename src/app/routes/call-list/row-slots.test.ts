import { describe, expect, it } from 'vitest'
import { createRowSlots } from './row-slots.ts'

describe('createRowSlots', () => {
  const slotsOf = (slots: ReadonlyMap<number, number>) => [...slots.values()]

  it('lets rows that stay keep their slots and gives the others those of rows that left', () => {
    const assign = createRowSlots()
    expect(slotsOf(assign([10, 11, 12]))).toEqual([0, 1, 2])
    expect(slotsOf(assign([11, 12, 13]))).toEqual([1, 2, 0])
  })

  it('needs no new slot for a jump', () => {
    const assign = createRowSlots()
    assign([10, 11, 12])
    expect(slotsOf(assign([500, 501, 502])).sort()).toEqual([0, 1, 2])
  })

  it('adds slots where more rows are drawn, and never gives one twice', () => {
    const assign = createRowSlots()
    assign([10, 11, 12])
    assign([11])
    const slots = slotsOf(assign([10, 11, 12, 13]))
    expect(new Set(slots).size).toBe(4)
  })

  it('gives the same answer when asked twice', () => {
    const assign = createRowSlots()
    assign([1, 2, 3])
    expect(slotsOf(assign([3, 4, 5]))).toEqual(slotsOf(assign([3, 4, 5])))
  })
})
