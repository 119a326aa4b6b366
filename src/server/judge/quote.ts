const LONGEST_QUOTE = 300

export type Quote = (text: string) => string

/**
 * Makes words that came from outside fit for a message that is logged and shown: on one line, at most 300
 * characters, and without the key, which some endpoints repeat when they do not like it.
 */
export function createQuote(apiKey: string | null): Quote {
  return (text) => {
    // The key goes first: half of it, cut at the end, would not be found.
    const safe = apiKey === null ? text : text.replaceAll(apiKey, '***')
    const line = safe.replace(/\s+/g, ' ').trim()
    return line.length <= LONGEST_QUOTE ? line : `${line.slice(0, LONGEST_QUOTE - 1)}…`
  }
}
