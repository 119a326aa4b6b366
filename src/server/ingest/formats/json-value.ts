/** Readers for JSON of unknown shape. None of them throws; each says what it gives for the wrong type. */

export type JsonObject = Readonly<Record<string, unknown>>

const MAX_DEPTH = 8

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object itself, or an empty one. PHP senders write `[]` for an empty object, which also gives an empty one. */
export function toObject(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

/** The array itself, or an empty one. */
export function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A finite number, also from numeric text such as `"45"`; else null. */
export function toNumber(value: unknown): number | null {
  if (typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value))
    return toNumber(Number(value))
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** As `toNumber`, of what cannot be below 0, such as a duration: a negative one says nothing. */
export function toAmount(value: unknown): number | null {
  const number = toNumber(value)
  return number !== null && number >= 0 ? number : null
}

/** Trimmed text that is not blank, also from a number; else null. */
export function toText(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' ? value.trim() || null : null
}

/** The value at a path of keys, or undefined. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let current = value
  for (const key of path) {
    if (!isObject(current) || !Object.hasOwn(current, key)) return undefined
    current = current[key]
  }
  return current
}

/**
 * Tool arguments and results: text exactly as sent, anything else as compact JSON, nothing as `''`.
 * A value nested too deeply for the JSON writer's stack becomes a note; the raw payload still has it.
 */
export function asSentText(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (error instanceof RangeError) return '(nested too deeply to show)'
    throw error
  }
}

/**
 * What was said, trimmed; `''` for nothing. Takes text, and lists of text parts as language models write them
 * (`"…"`, `{text}`, `{transcript}`), which are joined by a line break; pictures and sounds say nothing.
 */
export function spokenText(value: unknown): string {
  return partsOf(value, 0).join('\n').trim()
}

function partsOf(value: unknown, depth: number): string[] {
  const text = toText(value)
  if (text !== null) return [text]
  if (depth >= MAX_DEPTH) return []
  if (Array.isArray(value)) return value.flatMap((part) => partsOf(part, depth + 1))
  if (!isObject(value)) return []
  const inner = partsOf(value.text, depth + 1)
  return inner.length > 0 ? inner : partsOf(value.transcript, depth + 1)
}

const TEXT_KEYS = ['content', 'message', 'text', 'transcript'] as const
type TextKey = (typeof TEXT_KEYS)[number]

/** The text of a spoken entry: under the format's own key, else under another key that providers use for it. */
export function entryText(entry: JsonObject, ownKey: TextKey): string {
  for (const key of [ownKey, ...TEXT_KEYS]) {
    const text = spokenText(entry[key])
    if (text !== '') return text
  }
  return ''
}

/** A value as an error message shows it: short, and never a whole payload. */
export function shortForm(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (isObject(value)) {
    const keys = Object.keys(value)
    const shown = keys.slice(0, 6).map((key) => clip(key))
    return `an object with ${shown.join(', ') || 'no keys'}${keys.length > shown.length ? ', …' : ''}`
  }
  return typeof value === 'string' ? JSON.stringify(clip(value)) : String(value)
}

function clip(text: string): string {
  const characters = Array.from(text.slice(0, 200))
  return characters.length > 40 ? `${characters.slice(0, 40).join('')}…` : characters.join('')
}
