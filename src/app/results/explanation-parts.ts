/** A piece of an explanation: words, or a moment that can be gone to. `text` of all pieces is the explanation. */
export type ExplanationPart =
  | { kind: 'text'; text: string; at: number }
  | { kind: 'moment'; text: string; at: number; seconds: number }

const CLOCK = /\d{1,3}:[0-5]\d(?::[0-5]\d)?/
const JOINT = /\s*(?:,|;|-|–|—|to|and)\s*/

/** `(00:34)`, and lists and spans of moments: `(0:12, 1:05)`, `(00:12 - 00:20)`. */
const MOMENTS = new RegExp(`\\(${CLOCK.source}(?:${JOINT.source}${CLOCK.source})*\\)`, 'g')

/**
 * Splits an explanation at the moments it names as `(MM:SS)` or `(H:MM:SS)`. A moment after the end of the recording
 * stays text: there is nothing to hear. `at` is the place in the text, from 0.
 */
export function explanationParts(text: string, durationSeconds: number | null): ExplanationPart[] {
  const moments = [...text.matchAll(MOMENTS)].flatMap((list) =>
    [...list[0].matchAll(new RegExp(CLOCK, 'g'))].map((clock) => ({
      text: clock[0],
      at: list.index + clock.index,
      seconds: toSeconds(clock[0]),
    })),
  )
  const parts: ExplanationPart[] = []
  let from = 0
  for (const moment of moments) {
    if (durationSeconds !== null && moment.seconds > durationSeconds) continue
    if (moment.at > from) parts.push({ kind: 'text', text: text.slice(from, moment.at), at: from })
    parts.push({ kind: 'moment', ...moment })
    from = moment.at + moment.text.length
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from), at: from })
  return parts
}

/** A moment with the bracket or stop that no line may break it from. */
export type ExplanationPiece =
  | { kind: 'text'; text: string; at: number }
  | { kind: 'moment'; before: string; text: string; after: string; at: number; seconds: number }

const OPENING = /\($/
const CLOSING = /^[),;.:]+/

/** The parts of an explanation with each moment's own punctuation beside it. `at` is unique among them. */
export function explanationPieces(
  text: string,
  durationSeconds: number | null,
): ExplanationPiece[] {
  const parts = explanationParts(text, durationSeconds)
  return parts.map((part, i) => {
    const previous = parts[i - 1]
    const next = parts[i + 1]
    if (part.kind === 'moment') {
      const before = previous?.kind === 'text' ? (OPENING.exec(previous.text)?.[0] ?? '') : ''
      const after = next?.kind === 'text' ? (CLOSING.exec(next.text)?.[0] ?? '') : ''
      return { ...part, before, after }
    }
    const tail = previous ? part.text.replace(CLOSING, '') : part.text
    return { ...part, text: next ? tail.replace(OPENING, '') : tail }
  })
}

/** `1:02:03` and `62:03` alike. */
function toSeconds(clock: string): number {
  return clock.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0)
}
