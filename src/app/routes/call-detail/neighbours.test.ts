import { describe, expect, it } from 'vitest'
import { findNeighbours, stepFrom } from './neighbours.ts'

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

describe('stepFrom', () => {
  const ended = { rows, isGrowing: false }
  const growing = { rows, isGrowing: true }

  it('leads one call on and one call back', () => {
    expect(stepFrom(growing, { fromId: 4, direction: 'next' })).toEqual({ kind: 'found', id: 7 })
    expect(stepFrom(ended, { fromId: 4, direction: 'previous' })).toEqual({ kind: 'found', id: 9 })
  })

  it('waits below the last loaded call while more are on their way', () => {
    expect(stepFrom(growing, { fromId: 7, direction: 'next' })).toEqual({ kind: 'loading' })
    expect(stepFrom(ended, { fromId: 7, direction: 'next' })).toEqual({ kind: 'none' })
  })

  it('waits for nothing above the first call', () => {
    expect(stepFrom(growing, { fromId: 9, direction: 'previous' })).toEqual({ kind: 'none' })
  })

  it('waits both ways for a call that is not among the rows yet', () => {
    expect(stepFrom(growing, { fromId: 1, direction: 'previous' })).toEqual({ kind: 'loading' })
    expect(stepFrom({ rows: [], isGrowing: true }, { fromId: 1, direction: 'next' })).toEqual({
      kind: 'loading',
    })
    expect(stepFrom(ended, { fromId: 1, direction: 'next' })).toEqual({ kind: 'none' })
  })
})
