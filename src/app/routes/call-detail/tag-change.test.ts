import { describe, expect, it } from 'vitest'
import { tagChange } from './tag-change.ts'

describe('tagChange', () => {
  it('says what came and what went', () => {
    expect(tagChange(['billing', 'late'], ['late', ' vip '])).toEqual({
      add: ['vip'],
      remove: ['billing'],
      refused: [],
    })
  })

  it('refuses what cannot be a tag and adds the rest', () => {
    expect(tagChange([], ['a,b', 'x'.repeat(51), 'fine'])).toEqual({
      add: ['fine'],
      remove: [],
      refused: ['a,b', 'x'.repeat(51)],
    })
  })

  it('stops at the fifty that a call may have', () => {
    const fortyNine = Array.from({ length: 49 }, (_, index) => `t${index}`)
    const { add, refused } = tagChange(fortyNine, [...fortyNine, 'fiftieth', 'one-more'])
    expect(add).toEqual(['fiftieth'])
    expect(refused).toEqual(['one-more'])
  })
})
