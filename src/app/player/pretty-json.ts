/**
 * JSON with line breaks and two spaces of indentation; null where the text is not an object or a list.
 * Numbers, escapes and the order of keys stay as sent: the text is laid out anew, never re-encoded.
 * JSON inside a JSON string, as many tools answer, is unwrapped once.
 */
export function prettyJson(text: string): string | null {
  const json = unwrapJsonText(text)
  return isStructure(parsed(json)) ? layOut(json) : null
}

/** The text inside a JSON string; any other text unchanged. */
export function unwrapJsonText(text: string): string {
  const value = parsed(text)
  return typeof value === 'string' ? value : text
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isStructure(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

/** Strings whole, brackets and separators one by one, and everything else up to the next of them. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

function layOut(json: string): string {
  const tokens = json.match(TOKEN) ?? []
  let depth = 0
  let out = ''
  for (const [i, token] of tokens.entries()) {
    const [before, after] = [tokens[i - 1], tokens[i + 1]]
    if (isClosing(token)) {
      depth -= 1
      out += isOpening(before) ? token : `${lineBreak(depth)}${token}`
    } else if (isOpening(token)) {
      depth += 1
      out += isClosing(after) ? token : `${token}${lineBreak(depth)}`
    } else if (token === ',') out += `,${lineBreak(depth)}`
    else if (token === ':') out += ': '
    else out += token
  }
  return out
}

function lineBreak(depth: number): string {
  return `\n${'  '.repeat(depth)}`
}

function isOpening(token: string | undefined): boolean {
  return token === '{' || token === '['
}

function isClosing(token: string | undefined): boolean {
  return token === '}' || token === ']'
}
