import type { SpeechSegment } from '#contract/transcript.ts'
import { findWordAt, type WordRange, wordRanges } from './word-ranges.ts'

const NAME = 'spoken-word'

/** Browsers without the CSS Custom Highlight API show the current turn and no word. */
const isSupported = typeof Highlight === 'function' && 'highlights' in CSS

const known = new WeakMap<SpeechSegment, WordRange[]>()

/** The word of a segment that is spoken at `seconds`; null without word times. */
export function spokenWord(segment: SpeechSegment, seconds: number): WordRange | null {
  if (!isSupported || !segment.words) return null
  const ranges = known.get(segment) ?? wordRanges(segment.text, segment.words)
  known.set(segment, ranges)
  return findWordAt(ranges, seconds)
}

/** Marks a word of a text node by CSS alone: no element is made or changed. */
export function highlightWord(text: Node, { from, to }: WordRange): void {
  const length = text.textContent?.length ?? 0
  const range = new StaticRange({
    startContainer: text,
    startOffset: Math.min(from, length),
    endContainer: text,
    endOffset: Math.min(to, length),
  })
  CSS.highlights.set(NAME, new Highlight(range))
}

export function clearWord(): void {
  if (isSupported) CSS.highlights.delete(NAME)
}
