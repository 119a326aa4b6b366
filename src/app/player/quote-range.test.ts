import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quoteRange } from './quote-range.ts'

const marked = (text: string, quote: string) => {
  const range = quoteRange(text, quote)
  return range && text.slice(range.from, range.to)
}

describe('quoteRange', () => {
  it('finds a quote whose case and punctuation differ', () => {
    expect(marked('Well, I’m sorry — let me check.', "i'm sorry, LET me check")).toBe(
      'I’m sorry — let me check',
    )
  })

  it('finds letters of every script, and those outside the basic plane', () => {
    expect(marked('Guten Tag, Frau Müller 𐐨𐐩!', 'müller 𐐨𐐩')).toBe('Müller 𐐨𐐩')
  })

  it('finds nothing where the words differ, or are none', () => {
    expect(marked('I am sorry.', 'I was sorry')).toBeNull()
    expect(marked('I am sorry.', ' … ')).toBeNull()
  })

  it('finds every part of a text in it, without leaving the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.nat(), (text, from, length) => {
        const quote = text.slice(from % (text.length + 1)).slice(0, length)
        const range = quoteRange(text, quote)
        const hasWords = /[\p{L}\p{N}]/u.test(quote)
        expect(range !== null).toBe(hasWords)
        if (range) expect(text.slice(range.from, range.to)).toMatch(/^[\p{L}\p{N}]/u)
      }),
    )
  })
})
