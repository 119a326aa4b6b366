import type { Segment } from '#contract/transcript.ts'
import { wordsOf } from './match-words.ts'

/** The words of a transcript, each text read when it is first asked for. */
export type WordIndex = {
  segmentCount: number
  /** Of a segment, in order; empty for a number that none has. */
  wordsAt: (segment: number) => readonly string[]
  /** The same with a space before and after each, so that whole words can be searched for as text. */
  textAt: (segment: number) => string
  /** The segments that have the word, upwards, each once. */
  segmentsWith: (word: string) => readonly number[]
  /** The words that have times of their own. */
  timedWordsAt: (segment: number) => readonly TimedWord[]
}

export type TimedWord = { text: string; startSeconds: number; endSeconds: number }

const INDEXES = new WeakMap<readonly Segment[], WordIndex>()

/** One for all metrics that look at the same call: reading its words is most of the work. */
export function wordIndexOf(segments: readonly Segment[]): WordIndex {
  const known = INDEXES.get(segments)
  if (known) return known
  const index = createWordIndex(segments)
  INDEXES.set(segments, index)
  return index
}

function createWordIndex(segments: readonly Segment[]): WordIndex {
  const wordsAt = keepEach((segment) => wordsOf(textOf(segments[segment])))
  let places: ReadonlyMap<string, number[]> | null = null
  return {
    segmentCount: segments.length,
    wordsAt,
    textAt: keepEach((segment) => ` ${wordsAt(segment).join(' ')} `),
    segmentsWith: (word) => {
      places ??= placesOf(segments.map((_, segment) => wordsAt(segment)))
      return places.get(word) ?? []
    },
    timedWordsAt: keepEach((segment) => timedWordsOf(segments[segment])),
  }
}

function keepEach<T>(read: (segment: number) => T): (segment: number) => T {
  const known = new Map<number, T>()
  return (segment) => {
    const kept = known.get(segment)
    if (kept !== undefined) return kept
    const value = read(segment)
    known.set(segment, value)
    return value
  }
}

function placesOf(wordsBySegment: readonly (readonly string[])[]): Map<string, number[]> {
  const places = new Map<string, number[]>()
  for (const [segment, words] of wordsBySegment.entries()) {
    for (const word of words) {
      const found = places.get(word)
      if (found === undefined) places.set(word, [segment])
      else if (found.at(-1) !== segment) found.push(segment)
    }
  }
  return places
}

function textOf(segment: Segment | undefined): string {
  if (segment === undefined) return ''
  switch (segment.kind) {
    case 'speech':
      return segment.text
    case 'tool-call':
      return `${segment.name} ${segment.argumentsText}`
    case 'tool-result':
      return `${segment.name} ${segment.resultText}`
    case 'event':
      return `${segment.name} ${segment.text}`
    default:
      return segment satisfies never
  }
}

function timedWordsOf(segment: Segment | undefined): TimedWord[] {
  const words = segment?.kind === 'speech' ? (segment.words ?? []) : []
  return words.flatMap(({ text, startSeconds, endSeconds }) =>
    wordsOf(text).map((word) => ({ text: word, startSeconds, endSeconds })),
  )
}
