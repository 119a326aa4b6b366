import { setImmediate } from 'node:timers/promises'
import type { Segment, SpeechSegment, Word } from '#contract/transcript.ts'
import { TURN_LENGTH } from './in-turns.ts'

/** A piece of speech as subtitles show it. The end is after the start; cues are in the order of their starts. */
export type Cue = {
  startMs: number
  endMs: number
  /** `Agent`, `Caller`, or the sender's name of somebody else. */
  speaker: string
  /** Never empty, each without line breaks; one longer than `MAX_LINE_LENGTH` is a single word. */
  lines: string[]
}

/** What fits a screen: two lines of 42 characters. Source: Netflix, Timed Text Style Guide, English. */
export const MAX_LINE_LENGTH = 42
const MAX_LINES = 2

/** Shown that long where the sender gave an end that is not after the start: an empty cue is not shown at all. */
const SHORTEST_MS = 500

/** White space and control characters, which would break a cue apart. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const BLANK = /[\s\u0000-\u001f\u007f]+/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const WORD = /[^\s\u0000-\u001f\u007f]+/g

/** What a turn takes beside its text, in characters of that. */
const SEGMENT_LENGTH = 100

/**
 * The speech of a transcript that has times. Long turns are split between words where the sender gave their times;
 * without those they stay whole, on as many lines as they take. Empty where nothing has a time. Other requests get
 * their turns meanwhile.
 */
export async function transcriptCues(segments: readonly Segment[]): Promise<Cue[]> {
  const cues: Cue[] = []
  let length = 0
  for (const segment of segments) {
    if (segment.kind !== 'speech') continue
    for (const cue of cuesOf(segment)) cues.push(cue)
    length += SEGMENT_LENGTH + segment.text.length
    if (length < TURN_LENGTH) continue
    length = 0
    await setImmediate()
  }
  return cues.toSorted((a, b) => a.startMs - b.startMs)
}

export function speakerName({ speaker, party }: Pick<SpeechSegment, 'speaker' | 'party'>): string {
  const name = party === undefined ? '' : oneLine(party)
  return name || (speaker === 'agent' ? 'Agent' : 'Caller')
}

/** A text on one line, with single spaces. */
export function oneLine(text: string): string {
  return text.replace(BLANK, ' ').trim()
}

function cuesOf(segment: SpeechSegment): Cue[] {
  const { startSeconds, endSeconds } = segment
  if (startSeconds === null || segment.text.search(WORD) === -1) return []
  const whole = { startSeconds, endSeconds: endSeconds ?? startSeconds, text: segment.text }
  const speaker = speakerName(segment)
  return splitAtWords(whole, segment.words ?? []).map((piece) => toCue(piece, speaker))
}

type Piece = { startSeconds: number; endSeconds: number; text: string }

function splitAtWords(whole: Piece, words: readonly Word[]): Piece[] {
  if (fits(whole.text)) return [whole]
  const places = placesOf(words, whole.text)
  if (places === null) return [whole]
  const groups = groupWords(places, whole.text)
  return groups.map((group, index) => ({
    startSeconds: index === 0 ? whole.startSeconds : Math.min(...group.map(startOf)),
    endSeconds: index === groups.length - 1 ? whole.endSeconds : Math.max(...group.map(endOf)),
    text: whole.text.slice(group[0]?.at, groups[index + 1]?.[0]?.at),
  }))
}

const startOf = ({ startSeconds }: Word) => startSeconds
const endOf = ({ endSeconds }: Word) => endSeconds

type PlacedWord = Word & { at: number }

/** Where in the text each word that begins after a space stands, the first at 0; null where words and text differ. */
function placesOf(words: readonly Word[], text: string): PlacedWord[] | null {
  const places: PlacedWord[] = []
  let from = 0
  for (const word of words) {
    const at = text.indexOf(word.text, from)
    if (at === -1) return null
    from = at + word.text.length
    if (places.length === 0) places.push({ ...word, at: 0 })
    else if (/\s/.test(text.charAt(at - 1))) places.push({ ...word, at })
  }
  return places.length === 0 ? null : places
}

function groupWords(words: readonly PlacedWord[], text: string): PlacedWord[][] {
  const groups: PlacedWord[][] = []
  for (const [index, word] of words.entries()) {
    const group = groups.at(-1)
    const start = group?.[0]?.at
    if (group && fits(text.slice(start, words[index + 1]?.at))) group.push(word)
    else groups.push([word])
  }
  return groups
}

function fits(text: string): boolean {
  let count = 0
  for (const _ of linesOf(text)) {
    count += 1
    if (count > MAX_LINES) return false
  }
  return true
}

function toCue({ startSeconds, endSeconds, text }: Piece, speaker: string): Cue {
  const startMs = Math.max(0, Math.round(startSeconds * 1000))
  const endMs = Math.round(endSeconds * 1000)
  return {
    startMs,
    endMs: endMs > startMs ? endMs : startMs + SHORTEST_MS,
    speaker,
    lines: [...linesOf(text)],
  }
}

/** Line by line: whether a text fits is told by its first three. */
function* linesOf(text: string): Generator<string> {
  let line = ''
  for (const [word] of text.matchAll(WORD)) {
    if (line === '') line = word
    else if (line.length + 1 + word.length <= MAX_LINE_LENGTH) line = `${line} ${word}`
    else {
      yield line
      line = word
    }
  }
  if (line !== '') yield line
}
