/**
 * The values in a line or a paste: split at commas, semicolons, tabs and line ends, trimmed, each once, in order.
 * Double quotes keep a separator inside a value, doubled they mean themselves, as in CSV.
 */
export function splitValues(text: string): string[] {
  const values = [...text.matchAll(PART)].map(([part]) => unquote(part.trim()))
  return [...new Set(values.filter((value) => value !== ''))]
}

/** Whether a separator stands in the text outside of quotes. */
export function hasSeparator(text: string): boolean {
  return SEPARATOR.test(text.replace(QUOTED, ''))
}

const SEPARATOR = /[,;\t\r\n]/
/** A quote counts at the start of a value only: `5" pipe` is no quotation, and one that never ends is text. */
const PART = /[ ]*"(?:[^"]|"")*"[ ]*(?=[,;\t\r\n]|$)|[^,;\t\r\n]+/g
const QUOTED = /(?<=^|[,;\t\r\n])[ ]*"(?:[^"]|"")*("|$)/g

function unquote(part: string): string {
  const isQuoted = part.length >= 2 && part.startsWith('"') && part.endsWith('"')
  return isQuoted ? part.slice(1, -1).replaceAll('""', '"').trim() : part
}
