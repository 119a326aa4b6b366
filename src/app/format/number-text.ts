const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const GROUPED = /^[+-]?\d{1,3}([ \u00a0\u202f]\d{3})+(\.\d+)?$/

/**
 * The number that `text` says, `unit` after it allowed: `12`, `-0.5`, `1 000`, `1e3`, `30 %`. Null for
 * anything else, a comma included: `1,5` and `1,500` cannot be told apart.
 */
export function parseNumberText(text: string, unit = ''): number | null {
  const trimmed = text.trim().replace('−', '-')
  const bare = withoutUnit(trimmed, unit)
  const digits = GROUPED.test(bare) ? bare.replace(/\s/g, '') : bare
  if (!NUMBER.test(digits)) return null
  const value = Number(digits)
  if (!Number.isFinite(value)) return null
  return value === 0 ? 0 : value
}

/** As short as it goes, and always read back by `parseNumberText`. */
export function formatNumberText(value: number): string {
  return String(value)
}

function withoutUnit(text: string, unit: string): string {
  const isThere = unit !== '' && text.toLowerCase().endsWith(unit.toLowerCase())
  return isThere ? text.slice(0, -unit.length).trimEnd() : text
}
