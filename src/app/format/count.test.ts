import { describe, expect, it } from 'vitest'
import { countOf, formatCount } from './count.ts'

describe('formatCount', () => {
  it('groups thousands', () => {
    expect(formatCount(1234567)).toBe('1,234,567')
  })
})

describe('countOf', () => {
  it('uses the singular for exactly one', () => {
    expect(countOf(1, 'call')).toBe('1 call')
    expect(countOf(0, 'call')).toBe('0 calls')
    expect(countOf(1200, 'entry', 'entries')).toBe('1,200 entries')
  })
})
