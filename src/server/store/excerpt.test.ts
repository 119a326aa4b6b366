import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { excerpt, type Range } from './excerpt.ts'

const shown = ({ text, ranges }: { text: string; ranges: Range[] }) =>
  ranges.map(([start, end]) => text.slice(start, end))

describe('excerpt', () => {
  it('shows a short text whole', () => {
    expect(excerpt('I want a refund.', [[[9, 15]]])).toEqual({
      text: 'I want a refund.',
      ranges: [[9, 15]],
    })
  })

  it('cuts a long text at words, with an ellipsis where more follows', () => {
    const text = `${'before '.repeat(60)}refund${' after'.repeat(60)}`
    const cut = excerpt(text, [[[420, 426]]])
    expect(cut.text).toMatch(/^…before .* refund after .* after…$/)
    expect(cut.text.length).toBeLessThanOrEqual(160)
    expect(shown(cut)).toEqual(['refund'])
  })

  it('chooses the stretch with the most different phrases, not the first', () => {
    const text = `refund ${'x '.repeat(200)}refund of the fee`
    // "refund" at 0 and at 407, "fee" at 421
    const cut = excerpt(text, [
      [
        [0, 6],
        [407, 413],
      ],
      [[421, 424]],
    ])
    expect(cut.text.endsWith('refund of the fee')).toBe(true)
    expect(shown(cut)).toEqual(['refund', 'fee'])
  })

  it('is quick where one phrase is said a hundred thousand times and another never', () => {
    // A step for each place and pair of places would be 10 ** 10.
    const ranges = Array.from({ length: 100_000 }, (_, index): Range => [index * 2, index * 2 + 1])
    const start = performance.now()
    const { text } = excerpt('w '.repeat(100_000), [ranges, []])
    expect(performance.now() - start).toBeLessThan(1500)
    expect(text.startsWith('w w w')).toBe(true)
  })

  it('counts a place in the excerpts in which it ends, and no place longer than those', () => {
    const text = 'x'.repeat(1000)
    // "b" ends 159 characters behind the start of the first "a" and 158 behind that of the second, at 101.
    const places: Range[][] = [
      [
        [100, 101],
        [101, 102],
      ],
      [[258, 259]],
      [[0, 400]],
    ]
    const { ranges } = excerpt(text, places)
    expect(ranges).toEqual([[1, 159]]) // all of it, as the long one covers it
    expect(excerpt(text, places.slice(0, 2)).ranges).toEqual([
      [1, 2],
      [158, 159],
    ])
  })

  it('makes one range of those that overlap', () => {
    const overlapping: Range[][] = [[[0, 8]], [[4, 12]]]
    expect(excerpt('pay back now', overlapping).ranges).toEqual([[0, 12]])
  })

  it('shows line breaks as spaces', () => {
    expect(excerpt('one\ntwo', [[[4, 7]]])).toEqual({ text: 'one two', ranges: [[4, 7]] })
  })

  it('keeps to its length and highlights what was found, whatever the text', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), fc.nat(), (words, seed) => {
        const text = words.join(' ')
        const place = words.length === 0 ? 0 : seed % words.length
        const start = words.slice(0, place).join(' ').length + (place > 0 ? 1 : 0)
        const found = words[place] ?? ''
        if (found === '') return
        const cut = excerpt(text, [[[start, start + found.length]]])
        expect(cut.text.length).toBeLessThanOrEqual(160)
        expect(cut.text.isWellFormed()).toBe(text.isWellFormed() || cut.text.isWellFormed())
        const [first] = shown(cut)
        expect(found.replace(/\s/gu, ' ').startsWith(first ?? 'nothing')).toBe(true)
      }),
    )
  })
})
