import { RE2JS } from 're2js'
import { LARGEST_PATTERN, patternSize } from '#contract/pattern-size.ts'

/** A filter has at most 20 patterns, and a page asks for several queries of the same filter. */
const MAX_PATTERNS = 100

type Verdict = { ok: true; pattern: RE2JS } | { ok: false; error: unknown }

/** The ones used last are at the end. */
const verdicts = new Map<string, Verdict>()

/** Whether a text is a pattern that the filter operator `regex` takes: RE2 syntax, and not too large a program. */
export function isPattern(text: string): boolean {
  return verdictOf(text).ok
}

/** The pattern, ready to be looked for; throws the reason where the text is none. Known ones are not compiled again. */
export function compilePattern(text: string): RE2JS {
  const verdict = verdictOf(text)
  if (!verdict.ok) throw verdict.error
  return verdict.pattern
}

function verdictOf(text: string): Verdict {
  const verdict = verdicts.get(text) ?? judge(text)
  verdicts.delete(text)
  verdicts.set(text, verdict)
  const [oldest] = verdicts.keys()
  if (verdicts.size > MAX_PATTERNS && oldest !== undefined) verdicts.delete(oldest)
  return verdict
}

/** Compiling takes time in proportion to the size of the program, which a pattern of 20 characters can make millions. */
function judge(text: string): Verdict {
  const size = patternSize(text)
  if (size > LARGEST_PATTERN) {
    const error = new Error(`The pattern makes ${size} steps, more than ${LARGEST_PATTERN}.`)
    return { ok: false, error }
  }
  try {
    return { ok: true, pattern: RE2JS.compile(text) }
  } catch (error) {
    return { ok: false, error }
  }
}
