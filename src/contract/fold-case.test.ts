import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldCase } from './fold-case.ts'

const CODE_POINTS = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code))

describe('foldCase', () => {
  it.each([
    ['', ''],
    ['Hello WORLD 42', 'hello world 42'],
    ['ÄRGER, Καλημέρα, ПРИВЕТ', 'ärger, καλημέρα, привет'],
    ['Straße STRASSE', 'straße strasse'],
    ['\u{10400} 早上好', '\u{10428} 早上好'], // a capital outside of the first 65,536 characters
  ])('folds %j to %j', (text, folded) => {
    expect(foldCase(text)).toBe(folded)
  })

  it('keeps letters whose small form has an ASCII letter', () => {
    expect(foldCase('300 \u212a in \u0130ZMIR')).toBe('300 \u212a in \u0130zmir')
  })

  it('folds a sigma alike wherever it stands', () => {
    // toLowerCase makes the last letter of a word ς.
    expect(foldCase('ΟΔΟΣ')).toBe('οδοσ')
  })

  it('never makes an ASCII letter of another character, and folds once for all', () => {
    const isAscii = (text: string) => Array.from(text).some((character) => character < '\u0080')
    const wrong = CODE_POINTS.filter((character) => {
      const folded = foldCase(character)
      return isAscii(folded) !== isAscii(character) || foldCase(folded) !== folded
    })
    expect(wrong).toEqual([])
  })

  it('folds a whole text as its characters, so that a part stays a part', () => {
    const character = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      fc.constantFrom('Σ', 'ς', 'İ', '\u0307', '\u212a', 'A', 'ß', ' ', '.'),
    )
    fc.assert(
      fc.property(fc.array(character), (characters) => {
        expect(foldCase(characters.join(''))).toBe(characters.map(foldCase).join(''))
      }),
      { numRuns: 2000 },
    )
  })
})
