/** How much of a quote has to be there for it to count as nearly word for word. */
const LEAST_SHARE = 0.85
/** Below this a near match would be a coincidence. */
const FEWEST_WORDS = 3
/** A quote is looked up by so many words; whoever quotes more has quoted these. */
const MOST_WORDS = 200

/** Comparisons of words in one text; what a person says takes some hundreds. */
const MOST_CELLS = 200_000

/** Places in a list of words: `end` is the first one after it. */
export type WordRange = { start: number; end: number }

/** Scripts without spaces count by the character; a word takes its inner apostrophes along. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]\p{M}*|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{N}\p{M}])+/gu

/** Far quicker than the rest, and what most transcripts are. */
const PLAIN = /^[\0-\x7f]*$/

/** The words of a text without case, punctuation and apostrophes, in one spelling of Unicode. */
export function wordsOf(text: string): string[] {
  if (PLAIN.test(text)) {
    return (
      text
        .toLowerCase()
        .replace(/(?<=[a-z])['`](?=[a-z])/g, '')
        .match(/[a-z0-9]+/g) ?? []
    )
  }
  const plain = text.normalize('NFKC').toLowerCase().normalize('NFKC')
  return plain.replace(/(?<=\p{L})['’ʼ`´](?=\p{L})/gu, '').match(WORD) ?? []
}

/** The words of a quote, cut where it leaves something out with `…`. Empty where it has none. */
export function quoteParts(quote: string): string[][] {
  let left = MOST_WORDS
  return quote
    .split(/…|\.{3,}|\[\.*\]/)
    .map((part) => {
      const words = wordsOf(part).slice(0, left)
      left -= words.length
      return words
    })
    .filter((words) => words.length > 0)
}

/** All parts in order, each word for word; null if one is missing. */
export function findExactly(
  words: readonly string[],
  parts: readonly (readonly string[])[],
): WordRange | null {
  let start: number | null = null
  let end = 0
  for (const part of parts) {
    const found = indexOfRun(words, { part, from: end })
    if (found === -1) return null
    start ??= found
    end = found + part.length
  }
  return start === null ? null : { start, end }
}

function indexOfRun(
  words: readonly string[],
  { part, from }: { part: readonly string[]; from: number },
): number {
  for (let start = from; start + part.length <= words.length; start++) {
    let length = 0
    while (length < part.length && words[start + length] === part[length]) length++
    if (length === part.length) return start
  }
  return -1
}

/** How many of the quote's words have to be there for it to count as nearly word for word. */
export function wordsNeeded(quote: readonly string[]): number {
  return Math.ceil(quote.length * LEAST_SHARE)
}

/**
 * Where at least 85 % of the quote's words stand in order, within a stretch not much longer than the quote: words
 * that are scattered over a long speech are no quote of it. Null if nowhere, and for quotes under three words. Gives
 * up on a speech that says the quote's words over and over in other orders.
 */
export function findNearly(
  words: readonly string[],
  parts: readonly (readonly string[])[],
): WordRange | null {
  const quote = parts.flat()
  if (quote.length < FEWEST_WORDS) return null
  const needed = wordsNeeded(quote)
  const width = quote.length + Math.max(2, Math.floor(quote.length / 3))
  let tries = Math.ceil(MOST_CELLS / (width * quote.length))
  for (const start of likelyStarts(words, { quote, needed, width })) {
    const stretch = words.slice(start, start + width)
    const length = lengthInOrder(stretch, { quote, needed })
    if (length !== null) return { start, end: start + length }
    tries -= 1
    if (tries === 0) return null
  }
  return null
}

type Stretches = { quote: readonly string[]; needed: number; width: number }

/** Where a stretch starts that has enough of the quote's words in any order: cheap, and rules out nearly all. */
function* likelyStarts(
  words: readonly string[],
  { quote, needed, width }: Stretches,
): Generator<number> {
  // The first word that matches is among these, else too many would be missing.
  const firsts = new Set(quote.slice(0, quote.length - needed + 1))
  // Of each word of the quote, how many the stretch still lacks; below zero where it has more.
  const lacks = new Map<string, number>()
  for (const word of quote) lacks.set(word, (lacks.get(word) ?? 0) + 1)
  let known = 0
  for (let end = 0; end < words.length + width; end++) {
    const entering = words[end]
    const lack = entering === undefined ? undefined : lacks.get(entering)
    if (entering !== undefined && lack !== undefined) {
      lacks.set(entering, lack - 1)
      if (lack > 0) known += 1
    }
    const start = end - width + 1
    const leaving = words[start]
    if (leaving === undefined) continue
    if (known >= needed && firsts.has(leaving)) yield start
    const had = lacks.get(leaving)
    if (had === undefined) continue
    lacks.set(leaving, had + 1)
    if (had >= 0) known -= 1
  }
}

/** After how many words of the stretch enough of the quote has come in order; null if that does not happen. */
function lengthInOrder(
  stretch: readonly string[],
  { quote, needed }: { quote: readonly string[]; needed: number },
): number | null {
  // Row by row of the longest common subsequence: `best[j]` is its length against the first j words of the quote.
  let best = new Array<number>(quote.length + 1).fill(0)
  let reached = 0
  let length: number | null = null
  for (const [index, word] of stretch.entries()) {
    const next = [0]
    for (const [j, wanted] of quote.entries()) {
      const same = wanted === word ? (best[j] ?? 0) + 1 : 0
      next.push(Math.max(same, best[j + 1] ?? 0, next[j] ?? 0))
    }
    best = next
    const count = best.at(-1) ?? 0
    if (count > reached && count >= needed) length = index + 1
    reached = Math.max(reached, count)
  }
  return length
}
