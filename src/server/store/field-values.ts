import type { FieldKind, FilterScalar } from '#contract/filter.ts'

/** What a column holds, in the field's own unit: seconds, ISO 8601, true or false. Null for null. */
export function toFieldValue(
  value: unknown,
  { kind, isMilliseconds }: { kind: FieldKind; isMilliseconds?: true | undefined },
): FilterScalar {
  if (value === null) return null
  switch (kind) {
    case 'boolean':
      return Number(value) === 1
    case 'time':
      return new Date(Number(value)).toISOString()
    case 'number':
      return isMilliseconds ? Number(value) / 1000 : Number(value)
    default:
      return String(value)
  }
}

/** A leaf of metadata as it was sent. `kind` as `call_attribute` has it. */
export function toAttributeValue({ text, kind }: { text: string; kind: unknown }): FilterScalar {
  switch (kind) {
    case 'null':
      return null
    case 'number':
      return Number(text)
    case 'boolean':
      return text === 'true'
    default:
      return text
  }
}
