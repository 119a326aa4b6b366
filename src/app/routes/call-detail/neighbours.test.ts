import { describe, expect, it } from 'vitest'
import { findNeighbours } from './neighbours.ts'

const rows = [{ id: 9 }, { id: 4 }, { id: 7 }]

describe('findNeighbours', () => {
  it('follows the order of the list, not of the ids', () => {
    expect(findNeighbours(rows, 4)).toEqual({ previousId: 9, nextId: 7, isUnknown: false })
  })

  it('has none before the first and after the last', () => {
    expect(findNeighbours(rows, 9)).toEqual({ previousId: null, nextId: 4, isUnknown: false })
    expect(findNeighbours(rows, 7)).toEqual({ previousId: 4, nextId: null, isUnknown: false })
  })

  it('does not take the ends of the list for neighbours of a call that is not in it', () => {
    expect(findNeighbours(rows, 1)).toEqual({ previousId: null, nextId: null, isUnknown: true })
  })
})
