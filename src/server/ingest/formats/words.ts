import type { Word } from '#contract/transcript.ts'
import { isObject, type JsonObject, toList, toNumber, toText } from './json-value.ts'

/**
 * `{word, start, end, confidence?, punctuated_word?}` entries with text, in order. A word without times stands
 * at the end of the word before it (leading ones at the first known start); without any time, no words.
 */
export function readWords(value: unknown, clock: (value: unknown) => number | null): Word[] {
  const spoken = toList(value)
    .filter(isObject)
    .filter((word) => wordText(word) !== '')
  const firstStart = spoken.map((word) => clock(word.start)).find((start) => start !== null)
  if (firstStart === undefined || firstStart === null) return []
  let previousEnd = firstStart
  return spoken.map((word) => {
    const startSeconds = clock(word.start) ?? previousEnd
    const endSeconds = Math.max(startSeconds, clock(word.end) ?? startSeconds)
    previousEnd = endSeconds
    const confidence = toNumber(word.confidence)
    return {
      text: wordText(word),
      startSeconds,
      endSeconds,
      ...(confidence !== null && { confidence }),
    }
  })
}

/** The word as written in a sentence, without the space that some providers attach to it. */
export function wordText(word: JsonObject): string {
  return toText(word.punctuated_word) ?? toText(word.word) ?? ''
}
