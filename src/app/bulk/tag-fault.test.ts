import { describe, expect, it } from 'vitest'
import { tagFault } from './tag-fault.ts'

describe('tagFault', () => {
  it('has nothing to say of a tag of 50 characters', () => {
    expect(tagFault('x'.repeat(50))).toBeNull()
  })

  it('quotes only the beginning of a text that is too long', () => {
    expect(tagFault('y'.repeat(120))).toBe(
      // 24 of the 120 characters.
      `“${'y'.repeat(24)}…” cannot be a tag: at most 50 characters in one line.`,
    )
  })

  it('quotes a short text whole', () => {
    expect(tagFault('a,b')).toContain('“a,b” cannot be a tag')
  })
})
