import { describe, expect, it } from 'vitest'
import { highlightParts } from './highlight-parts.ts'

describe('highlightParts', () => {
  it('cuts the text at the hits', () => {
    // 'a refund now': r is at 2, the word ends at 8
    expect(highlightParts('a refund now', [[2, 8]])).toEqual([
      { text: 'a ', isHit: false },
      { text: 'refund', isHit: true },
      { text: ' now', isHit: false },
    ])
  })

  it('never loses or doubles a character, whatever the ranges', () => {
    const parts = highlightParts('refund', [
      [0, 3],
      [2, 4],
      [5, 90],
    ])
    expect(parts.map((part) => part.text).join('')).toBe('refund')
    expect(parts.map((part) => part.isHit)).toEqual([true, true, false, true])
  })
})
