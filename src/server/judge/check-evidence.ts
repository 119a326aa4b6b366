import type { Evidence } from '#contract/metric-result.ts'
import type { Segment } from '#contract/transcript.ts'
import { findExactly, findNearly, quoteParts, wordsNeeded } from './match-words.ts'
import { type WordIndex, wordIndexOf } from './word-index.ts'

/** What a judge cites: the number of a segment, and words that it says stand there. */
export type Citation = { segment: number; quote: string; note: string }

/** Judges like to quote the whole line of the numbered transcript, with what we put before the words. */
const LINE_START =
  /^\s*(?:\[\d+\]\s*)?(?:\d+:\d\d\s+)?(?:(?:Main|Testing) Agent|Function Call(?: Result)?(?: \[error\])?|Event):\s*/

/** Quotes of one answer that are searched for nearly word for word; the rest has to be exact. */
const MOST_NEAR = 50
/** Segments that are searched for one quote nearly word for word, beside the cited one. */
const MOST_LIKELY = 4
/** Segments that are searched for one quote word for word; more have its rarest word only if all its words are common. */
const MOST_EXACT = 2000
/** Places of words that are looked at to find the likely segments. */
const MOST_PLACES = 50_000

export type EvidenceCheck = (citation: Citation) => Evidence

/**
 * Looks quotes up in the transcript: word for word in the cited segment, else in the nearest other, else nearly so.
 * Upper case, punctuation and spaces do not count. A quote that is nowhere keeps its words and no place. Quick enough
 * for hundreds of quotes in thousands of segments: nobody else is served meanwhile.
 */
export function createEvidenceCheck(segments: readonly Segment[]): EvidenceCheck {
  const index = wordIndexOf(segments)
  let nearLeft = MOST_NEAR
  return ({ segment: cited, quote, note }) => {
    const wanted = { parts: quoteParts(quote.replace(LINE_START, '')), cited }
    let segmentIndex = findExactPlace(index, wanted)
    if (segmentIndex === null && nearLeft > 0) {
      nearLeft -= 1
      segmentIndex = findNearPlace(index, wanted)
    }
    const segment = segmentIndex === null ? undefined : segments[segmentIndex]
    if (segmentIndex === null || segment === undefined) return notFound(quote, note)
    const times = timesOfWords(index, { segmentIndex, parts: wanted.parts })
    const { startSeconds, endSeconds } = times ?? segment
    return { segmentIndex, quote, note, isFound: true, startSeconds, endSeconds }
  }
}

function notFound(quote: string, note: string): Evidence {
  return { segmentIndex: null, quote, note, startSeconds: null, endSeconds: null, isFound: false }
}

type Wanted = { parts: readonly (readonly string[])[]; cited: number }

function findExactPlace(index: WordIndex, { parts, cited }: Wanted): number | null {
  if (parts.length === 0) return null
  const needles = parts.map((part) => ` ${part.join(' ')} `)
  const has = (segment: number) => hasInOrder(index.textAt(segment), needles)
  if (isSegment(index, cited) && has(cited)) return cited
  // Wherever the quote stands, its rarest word stands too.
  const [rarest = []] = placesByRarity(index, parts.flat())
  let left = MOST_EXACT
  for (const segment of outwards(rarest, cited)) {
    if (left === 0) return null
    left -= 1
    if (has(segment)) return segment
  }
  return null
}

function isSegment({ segmentCount }: WordIndex, cited: number): boolean {
  return Number.isInteger(cited) && cited >= 0 && cited < segmentCount
}

function hasInOrder(text: string, needles: readonly string[]): boolean {
  let from = 0
  for (const needle of needles) {
    const found = text.indexOf(needle, from)
    if (found === -1) return false
    // The space after a part is also the one before the next.
    from = found + needle.length - 1
  }
  return true
}

/** For each word, the segments that have it: the fewest first. */
function placesByRarity(index: WordIndex, words: readonly string[]): (readonly number[])[] {
  return words.map((word) => index.segmentsWith(word)).sort((a, b) => a.length - b.length)
}

/** Segments by their distance, of two the first: a judge that errs in the number mostly errs by little. */
function* outwards(sorted: readonly number[], cited: number): Generator<number> {
  let after = firstFrom(sorted, cited)
  let before = after - 1
  for (;;) {
    const [lower, upper] = [sorted[before], sorted[after]]
    if (lower !== undefined && (upper === undefined || cited - lower <= upper - cited)) {
      yield lower
      before -= 1
    } else if (upper !== undefined) {
      yield upper
      after += 1
    } else return
  }
}

/** Where the first number stands that is not below `least`. */
function firstFrom(sorted: readonly number[], least: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < least) low = middle + 1
    else high = middle
  }
  return low
}

function findNearPlace(index: WordIndex, { parts, cited }: Wanted): number | null {
  const has = (segment: number) => findNearly(index.wordsAt(segment), parts) !== null
  if (isSegment(index, cited) && has(cited)) return cited
  return likelySegments(index, { parts, cited }).find(has) ?? null
}

/** Those that have the most of the quote's words, if that is enough of them; of equals the nearest. */
function likelySegments(index: WordIndex, { parts, cited }: Wanted): number[] {
  const quote = parts.flat()
  const places = placesByRarity(index, quote)
  const needed = wordsNeeded(quote)
  if (places.filter(({ length }) => length > 0).length < needed) return []
  const counts = new Uint16Array(index.segmentCount)
  const counted = countPlaces(places, counts)
  const least = needed - (quote.length - counted)
  const best: number[] = []
  for (let rank = 0; rank < MOST_LIKELY; rank++) {
    const segment = nearestOfMost(counts, cited)
    const count = counts[segment] ?? 0
    if (count === 0 || count < least) break
    best.push(segment)
    counts[segment] = 0
  }
  return best
}

/** Where the highest count stands; of equals the nearest to the cited segment, of those the first. */
function nearestOfMost(counts: Uint16Array, cited: number): number {
  let best = 0
  // Not by an iterator: that takes ten times as long over a long call.
  for (let segment = 1; segment < counts.length; segment++) {
    const gain = (counts[segment] ?? 0) - (counts[best] ?? 0)
    const isNearer = Math.abs(segment - cited) < Math.abs(best - cited)
    if (gain > 0 || (gain === 0 && isNearer)) best = segment
  }
  return best
}

/** Adds up how often each segment is among the places; says of how many words, as common ones come to an end. */
function countPlaces(places: readonly (readonly number[])[], counts: Uint16Array): number {
  let placesLeft = MOST_PLACES
  let words = 0
  for (const segments of places) {
    placesLeft -= segments.length
    if (placesLeft < 0) break
    for (const segment of segments) counts[segment] = (counts[segment] ?? 0) + 1
    words += 1
  }
  return words
}

/** Null where the segment has no times of the words. */
function timesOfWords(
  index: WordIndex,
  { segmentIndex, parts }: { segmentIndex: number; parts: Wanted['parts'] },
): { startSeconds: number; endSeconds: number } | null {
  const timed = index.timedWordsAt(segmentIndex)
  const texts = timed.map(({ text }) => text)
  const range = findExactly(texts, parts) ?? findNearly(texts, parts)
  const first = range === null ? undefined : timed[range.start]
  const last = range === null ? undefined : timed[range.end - 1]
  if (!first || !last) return null
  return { startSeconds: first.startSeconds, endSeconds: last.endSeconds }
}
