/** One thing that a searched transcript must hold: words one after the other, the last of which may go on. */
export type SearchTerm = { words: string; isPrefix: boolean }

/**
 * What a person typed into a search: words that must all be there, "phrases", and starts of words such as pref*.
 * The last word may go on, since it may not be typed to its end; so may a phrase whose closing quote is missing.
 * Terms can be without any letter or digit.
 */
export function parseSearch(text: string): SearchTerm[] {
  const terms: SearchTerm[] = []
  for (const [part, phrase, word] of text.matchAll(/"([^"]*)(?:"|$)|([^\s"]+)/g)) {
    const isOpen = phrase !== undefined && (part.length === 1 || !part.endsWith('"'))
    const words = phrase ?? word ?? ''
    terms.push({ words, isPrefix: isOpen || (word?.endsWith('*') ?? false) })
  }
  const last = terms.at(-1)
  const endsWithWord = last !== undefined && !text.trimEnd().endsWith('"')
  return endsWithWord ? [...terms.slice(0, -1), { ...last, isPrefix: true }] : terms
}
