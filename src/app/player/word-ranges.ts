import type { Word } from '#contract/transcript.ts'

/** Where a word stands in the text of its segment, in UTF-16 units, and when it is spoken. */
export type WordRange = { from: number; to: number; startSeconds: number; endSeconds: number }

/**
 * Finds the words of a segment in its text, in order. Words whose spelling differs too much (numbers
 * written out, removed fillers) are left out; the others keep their place. Case does not matter.
 */
export function wordRanges(text: string, words: readonly Word[]): WordRange[] {
  const haystack = foldKeepingLength(text)
  const ranges: WordRange[] = []
  let from = 0
  for (const word of words) {
    const needle = foldKeepingLength(bare(word.text))
    const found = needle ? findWord(haystack, needle, from) : -1
    if (found < 0) continue
    const to = found + needle.length
    ranges.push({ from: found, to, startSeconds: word.startSeconds, endSeconds: word.endSeconds })
    from = to
  }
  return ranges
}

/** The word last begun at `seconds`; null before the first and after the end of the last. */
export function findWordAt(ranges: readonly WordRange[], seconds: number): WordRange | null {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ranges[middle]?.startSeconds ?? 0) <= seconds) low = middle + 1
    else high = middle
  }
  const word = ranges[low - 1]
  if (!word) return null
  return low === ranges.length && seconds >= word.endSeconds ? null : word
}

/** A word further on than this is another one that happens to be spelled the same. */
const LOOK_AHEAD = 80

function findWord(haystack: string, needle: string, from: number): number {
  const found = haystack.slice(0, from + LOOK_AHEAD + needle.length).indexOf(needle, from)
  if (found < 0) return -1
  const isWhole = !isLetter(haystack[found - 1]) && !isLetter(haystack[found + needle.length])
  return isWhole ? found : findWord(haystack, needle, found + 1)
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character)
}

/** Without the punctuation around it. */
function bare(word: string): string {
  return word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
}

/** Lower case, but only where that keeps every place (`İ` becomes two characters). */
function foldKeepingLength(text: string): string {
  const folded = text.toLowerCase()
  return folded.length === text.length ? folded : text
}
