import { parseSearch, type SearchTerm } from './search-terms.ts'

/** Words that stand one after the other; with `isPrefix` the last one may go on. Never empty. */
export type SpokenPhrase = { words: readonly string[]; isPrefix: boolean }

/** A word and where it stands in its text: UTF-16 offsets, end exclusive. */
export type WordPlace = { word: string; start: number; end: number }

/** Accents that FTS5 leaves out inside of a word; it takes the others for gaps between words. */
const DROPPED =
  '\\u0300-\\u0304\\u0306-\\u030c\\u030f\\u0311\\u031b\\u0323-\\u0328\\u032d\\u032e\\u0330\\u0331'
const ACCENTS = new RegExp(`[${DROPPED}]`, 'gu')
const ASCII_WORD = /[A-Za-z0-9]+/g
/** A word of its own to FTS5 and none to us: no phrase runs on from one segment into the next. */
const SEGMENT_BREAK = '\ue000'
const WORD = new RegExp(`[[\\p{L}\\p{N}\\p{Co}${DROPPED}]--${SEGMENT_BREAK}]+`, 'gv')

/** The phrases that a search asks for; terms without a letter or digit are none. */
export function searchPhrases(search: string): SpokenPhrase[] {
  return parseSearch(search).flatMap(toPhrases)
}

/** What the filter field `transcript` looks for, as docs/filters.md says; null without a letter or digit. */
export function wordsPhrase(text: string): SpokenPhrase | null {
  return toPhrases({ words: text, isPrefix: true })[0] ?? null
}

/** The text that FTS5 is given for what was said, one segment after the other. */
export function toIndexedText(spokenTexts: readonly string[]): string {
  return spokenTexts.map((text) => text.replaceAll(SEGMENT_BREAK, ' ')).join(`\n${SEGMENT_BREAK}\n`)
}

/** Every word of a text in order, folded as `foldWord` does, with its place. */
export function findWords(text: string): WordPlace[] {
  const places: WordPlace[] = []
  // Twice as fast, and most of what is said.
  const pattern = IS_ASCII.test(text) ? ASCII_WORD : WORD
  for (const { 0: found, index } of text.matchAll(pattern)) {
    const word = foldWord(found)
    if (word !== '') places.push({ word, start: index, end: index + found.length })
  }
  return places
}

/** Where each phrase stands in a text, in order; an empty list where one does not. */
export function findPhrases(
  text: string,
  phrases: readonly SpokenPhrase[],
): [start: number, end: number][][] {
  const places = findWords(text)
  return phrases.map((phrase) =>
    places.flatMap((first, index): [number, number][] => {
      const last = places[index + phrase.words.length - 1]
      return last !== undefined && standsAt(places, { phrase, index })
        ? [[first.start, last.end]]
        : []
    }),
  )
}

function standsAt(
  places: readonly WordPlace[],
  { phrase: { words, isPrefix }, index }: { phrase: SpokenPhrase; index: number },
): boolean {
  return words.every((word, offset) => {
    const said = places[index + offset]?.word ?? ''
    const mayGoOn = isPrefix && offset === words.length - 1
    return mayGoOn ? said.startsWith(word) : said === word
  })
}

/**
 * A word without its case and accents, as FTS5 compares words: character by character, and accents only where the
 * letter below is an ASCII one (`ß` is not `ss`, `ά` is not `α`).
 * Source: SQLite, FTS5, the tokenizer `unicode61` with `remove_diacritics 2`.
 */
export function foldWord(word: string): string {
  if (IS_ASCII.test(word)) return word.toLowerCase()
  return Array.from(word.replace(ACCENTS, ''), foldCharacter).join('')
}

function toPhrases({ words: text, isPrefix }: SearchTerm): SpokenPhrase[] {
  const words = findWords(text.normalize('NFC')).map(({ word }) => word)
  return words.length === 0 ? [] : [{ words, isPrefix }]
}

const IS_ASCII = /^[\0-\x7f]*$/
const ACCENTED_ASCII = /^([A-Za-zſ])\p{M}+$/u
const DOTLESS_I = 'ı'

function foldCharacter(character: string): string {
  if (character === DOTLESS_I) return character
  const base = ACCENTED_ASCII.exec(character.normalize('NFD'))?.[1] ?? character
  // By way of the capital, as `ς` and `ſ` are small letters of `Σ` and `S`.
  const folded = base.toUpperCase().toLowerCase()
  return Array.from(folded).length === 1 ? folded : base
}
