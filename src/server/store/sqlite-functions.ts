import type { DatabaseSync } from 'node:sqlite'
import { foldCase } from '#contract/fold-case.ts'
import { compilePattern } from './re2-pattern.ts'

/**
 * Our own SQL functions, on every connection alike. Null in, null out.
 * - `regexp_matches(pattern, text)`: 1 if the pattern is somewhere in the text; in time linear in the text.
 *   Fails with the reason where the pattern is none.
 * - `fold_case(text)`: see `foldCase`.
 * - `still_wanted()`: 1, or whatever `stopIfUnwanted` throws.
 */
export function addFunctions(raw: DatabaseSync, stopIfUnwanted: () => void): void {
  raw.function('regexp_matches', { deterministic: true }, (pattern, text) => {
    stopIfUnwanted()
    if (pattern === null || text === null) return null
    return Number(compilePattern(toText(pattern)).test(toText(text)))
  })
  raw.function('fold_case', { deterministic: true }, (text) => {
    stopIfUnwanted()
    return text === null ? null : foldCase(toText(text))
  })
  raw.function('still_wanted', () => {
    stopIfUnwanted()
    return 1
  })
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  throw new TypeError('Expected text, not bytes')
}
