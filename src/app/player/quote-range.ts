/** Where a quote stands in a text, in UTF-16 units. */
export type TextRange = { from: number; to: number }

/** Finds a quote whose case, spaces and punctuation may differ; null where the words do. */
export function quoteRange(text: string, quote: string): TextRange | null {
  const haystack = lettersOf(text)
  const needle = lettersOf(quote).letters
  if (needle === '') return null
  const found = haystack.letters.indexOf(needle)
  if (found < 0) return null
  const from = haystack.places[found]
  const last = haystack.places[found + needle.length - 1]
  return from === undefined || last === undefined ? null : { from, to: last + 1 }
}

/** Letters and digits alone, each unit with its place in the text. */
function lettersOf(text: string): { letters: string; places: number[] } {
  let letters = ''
  const places: number[] = []
  for (const { 0: found, index } of text.matchAll(/[\p{L}\p{N}]/gu)) {
    const folded = found.toLowerCase()
    const units = folded.length === found.length ? folded : found
    letters += units
    for (let i = 0; i < units.length; i++) places.push(index + i)
  }
  return { letters, places }
}
