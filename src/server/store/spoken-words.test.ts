import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import {
  createPhraseFinder,
  findPhrases,
  findWords,
  foldWord,
  searchPhrases,
  toIndexedText,
  wordsPhrase,
} from './spoken-words.ts'

describe('the words of a text', () => {
  it('stand where they are in the text, without what is between them', () => {
    expect(findWords("Don't pay 20€!")).toEqual([
      { word: 'don', start: 0, end: 3 },
      { word: 't', start: 4, end: 5 },
      { word: 'pay', start: 6, end: 9 },
      { word: '20', start: 10, end: 12 },
    ])
  })

  it('keep their place where accents are characters of their own', () => {
    // e, U+0301, t: two letters in three UTF-16 units.
    expect(findWords('x e\u0301t y')[1]).toEqual({ word: 'et', start: 2, end: 5 })
  })

  it('are folded and parted as FTS5 does', () => {
    const letters = [...range(0x20, 0x250), ...range(0x300, 0x37f), ...range(0x386, 0x482)]
      .concat([...range(0x5d0, 0x5eb), ...range(0x621, 0x64b), ...range(0x904, 0x94e)])
      .concat([...range(0x1e00, 0x1f00), ...range(0x3041, 0x3097), ...range(0x4e00, 0x4e80)])
      .concat([...range(0xac00, 0xac80), ...range(0x2190, 0x2200), ...range(0x1f600, 0x1f640)])
      // Letters with two accents that FTS5 keeps, and characters that no version of Unicode has.
      .filter((code) => ![0x1e0, 0x1e1, 0x378, 0x379, 0x38b, 0x38d, 0x3a2].includes(code))
    const texts = letters.map((code) => `A${String.fromCodePoint(code)}b`)
    expect(texts.map((text) => findWords(text).map(({ word }) => word))).toEqual(wordsOfFts5(texts))
  })
})

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}

function wordsOfFts5(texts: readonly string[]): string[][] {
  const db = new DatabaseSync(':memory:')
  db.exec(`create virtual table said using fts5(x, tokenize = 'unicode61 remove_diacritics 2');
    create virtual table words using fts5vocab(said, 'instance')`)
  const insert = db.prepare('insert into said (rowid, x) values (?, ?)')
  for (const [index, text] of texts.entries()) insert.run(index + 1, text)
  const words: string[][] = texts.map(() => [])
  for (const row of db.prepare('select doc, term from words order by doc, offset').all()) {
    words[Number(row.doc) - 1]?.push(String(row.term))
  }
  db.close()
  return words
}

describe('foldWord', () => {
  it.each([
    ['Ärger', 'arger'],
    ['STRASSE', 'strasse'],
    ['Straße', 'straße'],
    ['ΛΌΓΟΣ', 'λόγοσ'],
    ['İstanbul', 'istanbul'],
  ])('makes %s to %s', (word, folded) => {
    expect(foldWord(word)).toBe(folded)
  })
})

describe('toIndexedText', () => {
  it('has one more word between two segments, which nobody can look for', () => {
    const indexed = toIndexedText(['my', 'plan\ue000b'])
    expect(indexed.split('\n')).toEqual(['my', '\ue000', 'plan b'])
    expect(findWords(indexed).map(({ word }) => word)).toEqual(['my', 'plan', 'b'])
    expect(searchPhrases('\ue000')).toEqual([])
  })
})

describe('findPhrases', () => {
  it('finds words side by side, with anything but words between them', () => {
    const phrase = { words: ['cancel', 'my'], isPrefix: false }
    // "Cancel, my" starts at 4 and ends at 14; in "my cancel myself" only "my" is too long.
    expect(findPhrases('Ok. Cancel, my plan. my cancel myself', [phrase])).toEqual([[[4, 14]]])
  })

  it('lets the last word of an unfinished phrase go on', () => {
    expect(findPhrases('refunded', searchPhrases('refun'))).toEqual([[[0, 8]]])
    expect(findPhrases('refunded', searchPhrases('"refun"'))).toEqual([[]])
  })

  it('tells the first thousand places', () => {
    const [places = []] = findPhrases('w '.repeat(1500), searchPhrases('w'))
    expect(places).toHaveLength(1000)
    expect(places[999]).toEqual([1998, 1999])
  })

  it('finds the same in a second text, which begins as the first did', () => {
    const find = createPhraseFinder(searchPhrases('"my plan" pl'))
    expect(find('my plan')).toEqual([[[0, 7]], [[3, 7]]])
    expect(find('my player plays')).toEqual([
      [],
      [
        [3, 9],
        [10, 15],
      ],
    ])
  })

  it('looks for a term once that is typed often', () => {
    expect(searchPhrases('w* w w* W* w')).toEqual([
      { words: ['w'], isPrefix: true },
      { words: ['w'], isPrefix: false },
    ])
  })

  it('reads a search as terms and the field transcript as one phrase', () => {
    expect(searchPhrases('Café "my plan" re-book')).toEqual([
      { words: ['cafe'], isPrefix: false },
      { words: ['my', 'plan'], isPrefix: false },
      { words: ['re', 'book'], isPrefix: true },
    ])
    expect(wordsPhrase('my pl')).toEqual({ words: ['my', 'pl'], isPrefix: true })
    expect(wordsPhrase(' ?! ')).toBeNull()
  })
})
