import { describe, expect, it } from 'vitest'
import { hasSelection, isNewestFirst, nextSort } from './list-sort.ts'

describe('hasSelection', () => {
  it('is false for an order alone', () => {
    expect(hasSelection({ sort: 'topic' })).toBe(false)
    expect(hasSelection({ filter: 'agent.id.eq.3' })).toBe(true)
  })
})

describe('isNewestFirst', () => {
  it('holds for the best matches of no search, as the server answers them', () => {
    expect(isNewestFirst({ sort: 'relevance' })).toBe(true)
    expect(isNewestFirst({ sort: 'relevance', search: 'refund' })).toBe(false)
  })
})

describe('nextSort', () => {
  it('starts times and lengths from the top and texts from A', () => {
    expect(nextSort('topic', 'durationSeconds')).toBe('-durationSeconds')
    expect(nextSort('-startedAt', 'topic')).toBe('topic')
    expect(nextSort('-startedAt', 'metric:12')).toBe('-metric:12')
  })

  it('turns the order of the column that is sorted already', () => {
    expect(nextSort('-startedAt', 'startedAt')).toBe('startedAt')
    expect(nextSort('topic', 'topic')).toBe('-topic')
  })
})
