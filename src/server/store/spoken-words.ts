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

/** The phrases that a search asks for, each once; terms without a letter or digit are none. */
export function searchPhrases(search: string): SpokenPhrase[] {
  const byText = new Map(
    parseSearch(search)
      .flatMap(toPhrases)
      .map((phrase) => [`${phrase.isPrefix} ${phrase.words.join(' ')}`, phrase]),
  )
  return [...byText.values()]
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

/** So many places of a phrase are told; an excerpt shows a few of them. */
const MOST_PLACES = 1000
/** Of so many different words it is remembered which phrases can begin with them. */
const MOST_REMEMBERED = 20_000

/** Where each phrase stands in a text, in order, the first 1,000; an empty list where one does not. */
export type FindPhrases = (text: string) => [start: number, end: number][][]

/** Looks for phrases in one text after the other, and faster in each: what is said is made of few different words. */
export function createPhraseFinder(phrases: readonly SpokenPhrase[]): FindPhrases {
  const beginnings = new Map<string, readonly number[]>()
  const beginningWith = (word: string) => {
    const known = beginnings.get(word)
    if (known !== undefined) return known
    const numbers = phrases.flatMap((phrase, number) => (beginsWith(phrase, word) ? [number] : []))
    if (beginnings.size >= MOST_REMEMBERED) beginnings.clear()
    beginnings.set(word, numbers)
    return numbers
  }
  return (text) => {
    const places = findWords(text)
    const found = phrases.map((): [number, number][] => [])
    for (const [index, first] of places.entries()) {
      for (const number of beginningWith(first.word)) {
        const [phrase, own] = [phrases[number], found[number]]
        if (phrase === undefined || own === undefined || own.length >= MOST_PLACES) continue
        const last = places[index + phrase.words.length - 1]
        if (last !== undefined && standsAt(places, { phrase, index }))
          own.push([first.start, last.end])
      }
    }
    return found
  }
}

/** As the finder does, in one text. */
export function findPhrases(
  text: string,
  phrases: readonly SpokenPhrase[],
): ReturnType<FindPhrases> {
  return createPhraseFinder(phrases)(text)
}

function beginsWith({ words, isPrefix }: SpokenPhrase, said: string): boolean {
  const [first = ''] = words
  return isPrefix && words.length === 1 ? said.startsWith(first) : said === first
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
