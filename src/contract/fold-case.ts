/** The only characters that `toLowerCase` treats otherwise than `foldCase`: İ, Σ (by its place in the word), K (Kelvin). */
const EXCEPTIONAL = /[\u0130\u03a3\u212a]/u

/**
 * `text` with the difference between capital and small letters taken away, character by character: what is
 * part of a text is part of it after folding too. ASCII letters become `a` to `z`; other letters their small
 * form, unless that has an ASCII letter in it (İ, the Kelvin sign): those stay. Idempotent.
 */
export function foldCase(text: string): string {
  if (!EXCEPTIONAL.test(text)) return text.toLowerCase()
  return Array.from(text, foldCharacter).join('')
}

function foldCharacter(character: string): string {
  if (isAscii(character)) return character.toLowerCase()
  const folded = character.toLowerCase()
  return Array.from(folded).some(isAscii) ? character : folded
}

function isAscii(character: string): boolean {
  return character < '\u0080'
}
