const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const SPACES = new Set([0x20, 0x09, 0x0a, 0x0d])

/** A piece of a JSON text: of the value that was looked for (without its quotes), or of all the rest. */
export type JsonPiece = { kind: 'value' | 'rest'; bytes: Buffer }

type State = 'outside' | 'in-string' | 'after-key' | 'before-value' | 'in-value'

/**
 * Splits a JSON text, as it streams in, into the text value of the first `key` and everything else, without ever
 * holding the value. Reads no deeper than it must: text that is not JSON comes out as "rest". Escapes in the
 * value are passed on as they are.
 */
export async function* extractJsonString(
  source: AsyncIterable<Buffer>,
  key: string,
): AsyncGenerator<JsonPiece> {
  const wanted = Buffer.from(key)
  let state: State = 'outside'
  let isEscaped = false
  let stringBytes: number[] = []
  let isFound = false

  for await (const chunk of source) {
    let from = 0
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number
      if (state === 'in-value') {
        const end = findEnd(chunk, at, isEscaped)
        isEscaped = end.isEscaped
        if (end.index > from) yield { kind: 'value', bytes: chunk.subarray(from, end.index) }
        from = end.index
        at = end.index
        if (end.index < chunk.length) state = 'outside'
        continue
      }
      if (isFound) break
      if (state === 'in-string') {
        if (isEscaped) isEscaped = false
        else if (byte === BACKSLASH) isEscaped = true
        else if (byte === QUOTE) {
          state = Buffer.from(stringBytes).equals(wanted) ? 'after-key' : 'outside'
          continue
        }
        if (stringBytes.length <= wanted.length) stringBytes.push(byte)
        continue
      }
      if (state === 'after-key') {
        if (SPACES.has(byte)) continue
        state = byte === COLON ? 'before-value' : 'outside'
        if (state === 'before-value') continue
      }
      if (state === 'before-value') {
        if (SPACES.has(byte)) continue
        if (byte === QUOTE) {
          yield { kind: 'rest', bytes: chunk.subarray(from, at + 1) }
          from = at + 1
          state = 'in-value'
          isFound = true
          continue
        }
        state = 'outside'
      }
      if (byte === QUOTE) {
        state = 'in-string'
        stringBytes = []
      }
    }
    if (from < chunk.length) yield { kind: 'rest', bytes: chunk.subarray(from) }
  }
}

/** Where the value's closing quote is, or the chunk's end; and whether the next byte is escaped. */
function findEnd(chunk: Buffer, from: number, isEscapedAtStart: boolean) {
  let isEscaped = isEscapedAtStart
  for (let index = from; index < chunk.length; index++) {
    if (isEscaped) isEscaped = false
    else if (chunk[index] === BACKSLASH) isEscaped = true
    else if (chunk[index] === QUOTE) return { index, isEscaped }
  }
  return { index: chunk.length, isEscaped }
}

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|([^u]))/g
const UNFINISHED_ESCAPE = /\\(?:u[0-9a-fA-F]{0,3})?$/

/**
 * Decodes base64, in either alphabet, from the inside of a JSON text that arrives in pieces of any size. Some
 * writers escape `/`, `+` and `=`; padding and line breaks, escaped or not, are skipped.
 */
export async function* decodeBase64(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let tail = ''
  let carried = ''
  for await (const piece of pieces) {
    const raw = tail + piece.toString('latin1')
    tail = UNFINISHED_ESCAPE.exec(raw.slice(-5))?.[0] ?? ''
    const text = carried + toBase64(raw.slice(0, raw.length - tail.length))
    const whole = text.length - (text.length % 4)
    carried = text.slice(whole)
    if (whole > 0) yield Buffer.from(text.slice(0, whole), 'base64')
  }
  if (carried !== '') yield Buffer.from(carried, 'base64')
}

function toBase64(json: string): string {
  const text = json.includes('\\') ? json.replace(ESCAPE, unescaped) : json
  return text.replace(/[^A-Za-z0-9+/_-]/g, '')
}

/** Of the short escapes only `\/` stands for a character of base64. */
function unescaped(_escape: string, hex: string | undefined, short: string | undefined): string {
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
  return short === '/' ? '/' : ''
}
