const LONGEST_QUOTE = 300

export type Quote = (text: string) => string

/** Of a shorter part of a key, hiding it would hide half of a sentence and protect nothing. */
const SHORTEST_PART = 4

type Secrets = { apiKey: string | null; url: string }

/**
 * Makes words that came from outside fit for a message that is logged and shown: on one line, at most 300
 * characters, without the judge's address, and without the key, which some endpoints repeat when they do not like it,
 * as it is or encoded.
 */
export function createQuote({ apiKey, url }: Secrets): Quote {
  const { host, hostname } = new URL(url)
  const hidden = [...(apiKey === null ? [] : [apiKey, ...encodingsOf(apiKey)]), host, hostname]
  return (text) => {
    // What is hidden goes first: half of it, cut at the end, would not be found.
    const safe = hidden.reduce((rest, part) => rest.replaceAll(part, '***'), text)
    const line = safe.replace(/\s+/g, ' ').trim()
    return line.length <= LONGEST_QUOTE ? line : `${line.slice(0, LONGEST_QUOTE - 1)}…`
  }
}

/** What of a key can be found in a text that holds it in base64, for a URL or in hexadecimal digits. */
function encodingsOf(key: string): string[] {
  const base64 = [0, 1, 2].map((offset) => base64Part(key, offset))
  const forUrls = base64.map((part) => part.replaceAll('+', '-').replaceAll('/', '_'))
  const hex = Buffer.from(key).toString('hex')
  const parts = [...base64, ...forUrls, hex, hex.toUpperCase(), encodeURIComponent(key)]
  return parts.filter((part) => part.length >= SHORTEST_PART)
}

/**
 * The characters that the key alone decides where so many bytes stand before it in their group of three. A character
 * holds 6 bits, so the ones at both ends share theirs with what stands around.
 */
function base64Part(key: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(key)])
  const start = Math.ceil((offset * 8) / 6)
  return bytes.toString('base64').slice(start, Math.floor((bytes.length * 8) / 6))
}
