import { splitWords } from '#contract/conversation.ts'
import { foldCase } from '#contract/fold-case.ts'
import { type Evidence, type Finding, scored, skipped } from '#contract/metric-result.ts'
import { at, counted, evidenceOf, first, shortened } from './evidence.ts'
import type { PreparedCall } from './prepare-call.ts'

/** Fewer words than these are said again by anyone: "thank you for calling us". */
const SHORTEST_PHRASE_WORDS = 6

/** How often the agent says again, word for word, a phrase that it has said before. */
export function countRepeatedPhrases({ segments }: PreparedCall): Finding {
  const known = new Set<string>()
  const found: Evidence[] = []
  let hasAgentWords = false
  for (const [segmentIndex, segment] of segments.entries()) {
    if (segment.kind !== 'speech' || segment.speaker !== 'agent') continue
    const words = comparable(segment.text)
    hasAgentWords ||= words.length > 0
    for (const phrase of repeatsIn(words, known)) {
      found.push(evidenceOf(segments, { segmentIndex, note: `again: “${shortened(phrase)}”` }))
    }
  }
  if (!hasAgentWords) return skipped('no-input', 'The transcript has no words of the agent.')
  const starts = first(found).flatMap(({ startSeconds }) => startSeconds ?? [])
  const where = starts.map((seconds) => ` ${at(seconds)}`).join('')
  return scored({
    score: found.length,
    basis: 'transcript',
    explanation:
      found.length === 0
        ? `The agent never says ${SHORTEST_PHRASE_WORDS} or more words again in the same order.`
        : `The agent says ${counted(found.length, 'phrase')} of ${SHORTEST_PHRASE_WORDS} or more words again${where}.`,
    evidence: first(found),
  })
}

/** Phrases of `words` that are among `known`, as long as they get; `known` learns what is said here. */
function repeatsIn(words: readonly string[], known: Set<string>): string[] {
  const phrases = words.map((_, from) => words.slice(from, from + SHORTEST_PHRASE_WORDS).join(' '))
  phrases.length = Math.max(0, words.length - SHORTEST_PHRASE_WORDS + 1)
  const found: string[] = []
  let from = 0
  let learnt = 0
  while (from < phrases.length) {
    // A phrase becomes known once it is over, so that no phrase repeats itself.
    while (learnt <= from - SHORTEST_PHRASE_WORDS) known.add(phrases[learnt++] ?? '')
    if (!known.has(phrases[from] ?? '')) {
      from++
      continue
    }
    let end = from + 1
    while (end < phrases.length && known.has(phrases[end] ?? '')) end++
    found.push(words.slice(from, end - 1 + SHORTEST_PHRASE_WORDS).join(' '))
    from = end - 1 + SHORTEST_PHRASE_WORDS
  }
  while (learnt < phrases.length) known.add(phrases[learnt++] ?? '')
  return found
}

/** Words as they sound: without case and punctuation. */
function comparable(text: string): string[] {
  return splitWords(text).flatMap((word) => {
    const bare = foldCase(word).replaceAll(/[^\p{L}\p{M}\p{N}]/gu, '')
    return bare === '' ? [] : [bare]
  })
}
