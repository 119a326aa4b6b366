import type { ExportQuery } from '#contract/api.ts'

const QUOTE = 0x22
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const BLANK = 0x20

export type RowCounter = {
  /** The next bytes, cut anywhere. */
  take: (bytes: Uint8Array) => void
  /** Calls so far. The last line counts once its end is here. */
  count: () => number
  /** Whether the bytes so far stop at the end of a line, as a complete file does. */
  isAtLineEnd: () => boolean
}

/**
 * Counts the calls in an exported file while it arrives, without decoding it: in UTF-8 none of the bytes that matter
 * occurs inside another character. Line ends between quotes are text; a CSV's first record is its header; lines
 * without anything do not count. Source: RFC 4180, section 2; jsonlines.org.
 */
export function createRowCounter(format: ExportQuery['format']): RowCounter {
  const hasQuotes = format === 'csv'
  const headers = format === 'csv' ? 1 : 0
  let records = 0
  let isQuoted = false
  let isEmpty = true

  return {
    take(bytes) {
      for (const byte of bytes) {
        if (hasQuotes && byte === QUOTE) {
          // A doubled quote closes and opens again: the same in the end.
          isQuoted = !isQuoted
          isEmpty = false
        } else if (byte === LINE_FEED && !isQuoted) {
          if (!isEmpty) records += 1
          isEmpty = true
        } else if (byte !== CARRIAGE_RETURN && byte !== BLANK) {
          isEmpty = false
        }
      }
    },
    count: () => Math.max(0, records - headers),
    isAtLineEnd: () => isEmpty && !isQuoted,
  }
}
