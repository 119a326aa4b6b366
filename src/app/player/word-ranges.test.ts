import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findWordAt, wordRanges } from './word-ranges.ts'

const word = (text: string, startSeconds: number) => ({
  text,
  startSeconds,
  endSeconds: startSeconds + 0.5,
})

describe('wordRanges', () => {
  it('finds each word behind the one before, whatever its case and punctuation', () => {
    const text = 'No, no — that is not it.'
    const ranges = wordRanges(text, [word('no', 1), word('No,', 2), word('that', 3), word('it', 5)])
    expect(ranges.map(({ from, to }) => text.slice(from, to))).toEqual(['No', 'no', 'that', 'it'])
  })

  it('does not take the inside of another word', () => {
    // "it" first occurs inside "with" at 5
    expect(wordRanges('I am with it', [word('it', 1)])).toMatchObject([{ from: 10, to: 12 }])
  })

  it('leaves out a word that the text spells otherwise and goes on behind it', () => {
    const text = 'At 3 pm please'
    const ranges = wordRanges(text, [
      word('at', 1),
      word('three', 2),
      word('pm', 3),
      word('please', 4),
    ])
    expect(ranges.map(({ from, to }) => text.slice(from, to))).toEqual(['At', 'pm', 'please'])
  })

  it('finds every word of a text made of those words', () => {
    const names = fc.array(fc.constantFrom('so', 'a', 'Äpfel', 'o', "it's", '42', 'been'), {
      maxLength: 30,
    })
    fc.assert(
      fc.property(names, (texts) => {
        const text = texts.join(' ')
        const ranges = wordRanges(
          text,
          texts.map((each, i) => word(each, i)),
        )
        expect(ranges.map(({ from, to }) => text.slice(from, to))).toEqual(texts)
      }),
    )
  })
})

describe('findWordAt', () => {
  const ranges = wordRanges('one two three', [word('one', 1), word('two', 2), word('three', 3)])

  it('holds a word until the next begins, the last until its end', () => {
    expect(findWordAt(ranges, 0.9)).toBeNull()
    expect(findWordAt(ranges, 1.9)).toMatchObject({ from: 0 })
    expect(findWordAt(ranges, 2)).toMatchObject({ from: 4 })
    expect(findWordAt(ranges, 3.4)).toMatchObject({ from: 8 })
    expect(findWordAt(ranges, 3.5)).toBeNull()
  })
})
