import type { AttributeKind } from './tables.ts'

/** One leaf of metadata or dynamic variables, by its dot path. The text of null is empty. */
export type Attribute = {
  path: string
  kind: AttributeKind
  textValue: string
  numberValue: number | null
}

/** Deeper or longer than this is kept in the call's JSON and shown, but cannot be filtered by. */
const MAX_DEPTH = 16
const MAX_ATTRIBUTES = 500
const MAX_TEXT_LENGTH = 500

/**
 * The leaves of `value`, each once, in order of appearance. Elements of a list share the list's path. Halves of
 * surrogate pairs become U+FFFD here, as they do in SQLite: else two leaves could become one key there.
 * Null is a leaf; empty objects and empty lists have none, as if they were absent.
 */
export function flattenAttributes(value: Record<string, unknown>): Attribute[] {
  const found = new Map<string, Attribute>()
  collect({ value, path: '', depth: 0 }, found)
  return [...found.values()]
}

type Place = { value: unknown; path: string; depth: number }

function collect({ value, path, depth }: Place, found: Map<string, Attribute>): void {
  if (depth > MAX_DEPTH || found.size >= MAX_ATTRIBUTES) return
  if (Array.isArray(value)) {
    for (const element of value) collect({ value: element, path, depth: depth + 1 }, found)
    return
  }
  if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      const name = key.toWellFormed()
      collect(
        { value: child, path: path === '' ? name : `${path}.${name}`, depth: depth + 1 },
        found,
      )
    }
    return
  }
  const attribute = toAttribute(path, value)
  if (attribute === null) return
  found.set(JSON.stringify([path, attribute.kind, attribute.textValue]), attribute)
}

function toAttribute(path: string, value: unknown): Attribute | null {
  if (value === null) return { path, kind: 'null', textValue: '', numberValue: null }
  if (typeof value === 'number') {
    const numberValue = Number.isFinite(value) ? value : null
    return { path, kind: 'number', textValue: String(value), numberValue }
  }
  if (typeof value === 'boolean') {
    return { path, kind: 'boolean', textValue: String(value), numberValue: null }
  }
  if (typeof value !== 'string') return null
  const textValue = value.slice(0, MAX_TEXT_LENGTH).toWellFormed()
  return { path, kind: 'text', textValue, numberValue: toNumber(textValue) }
}

/** Providers send numbers as text; `"12.5"` is comparable as 12.5, `""` and `"12 apples"` are not. */
function toNumber(text: string): number | null {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return null
  const number = Number(text)
  return Number.isFinite(number) ? number : null
}
