/** Deeper JSON than this is refused: no sender means it, and what walks a value by recursion would overflow. */
export const MAX_NESTING = 200

/** True if lists and objects of a JSON text lie in each other more than `MAX_NESTING` times. Never throws. */
export function isNestedTooDeep(json: string): boolean {
  let depth = 0
  for (let at = 0; at < json.length; at++) {
    const character = json[at]
    if (character === '"') at = endOfString(json, at)
    else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
    if (depth > MAX_NESTING) return true
  }
  return false
}

/** Where the text that begins at `start` has its closing quote; the end of `json` if it has none. */
function endOfString(json: string, start: number): number {
  for (
    let quote = json.indexOf('"', start + 1);
    quote !== -1;
    quote = json.indexOf('"', quote + 1)
  ) {
    let backslashes = 0
    while (json[quote - 1 - backslashes] === '\\') backslashes++
    if (backslashes % 2 === 0) return quote
  }
  return json.length
}
