import { RE2JS } from 're2js'

/** Whether a text is a pattern that the filter operator `regex` takes: RE2 syntax. */
export function isPattern(text: string): boolean {
  try {
    RE2JS.compile(text)
    return true
  } catch {
    return false
  }
}
