/** Deeper JSON than this is refused: no sender means it, and what walks a value by recursion would overflow. */
export const MAX_NESTING = 200

const OPEN = new Set(['{', '['])
const CLOSE = new Set(['}', ']'])
const STRUCTURE = /"(?:[^"\\]|\\.)*"|[{}[\]]/gs

/** True if lists and objects of a JSON text lie in each other more than `MAX_NESTING` times. Never throws. */
export function isNestedTooDeep(json: string): boolean {
  let depth = 0
  for (const [token] of json.matchAll(STRUCTURE)) {
    if (OPEN.has(token)) depth++
    if (CLOSE.has(token)) depth--
    if (depth > MAX_NESTING) return true
  }
  return false
}
