import type { FacetValue } from '#contract/facet.ts'
import { FILTER_LIMITS, type FieldChoice, type FilterScalar } from '#contract/filter.ts'
import { parseNumberText } from '../format/number-text.ts'
import type { Suggestion } from '../ui/suggestion-list.tsx'
import type { RuleValue } from './edit-tree.ts'
import type { CatalogField } from './field-catalog.ts'

const YES_NO: readonly FieldChoice[] = [
  { value: 'true', label: 'yes' },
  { value: 'false', label: 'no' },
]

/** What a person reads for each value, where that is not the value itself. */
function choicesOf(field: CatalogField): readonly FieldChoice[] {
  return field.choices ?? (field.valueKind === 'boolean' ? YES_NO : [])
}

export function hasLabels(field: CatalogField): boolean {
  return choicesOf(field).length > 0
}

/** Values as a list of suggestions; those of a choice that no call has are added without a count. */
export function toSuggestions(
  values: readonly FacetValue[] | undefined,
  field: CatalogField,
): Suggestion[] | undefined {
  if (!values && !hasLabels(field)) return undefined
  const found = (values ?? []).flatMap(({ value, count }) =>
    value === null || value === '' ? [] : [{ value: listText(value), count }],
  )
  const rest = choicesOf(field)
    .filter(({ value }) => !found.some((one) => one.value === value))
    .map(({ value }) => ({ value }))
  return [...found, ...rest].map((one) => ({ ...one, label: labelOfValue(one.value, field) }))
}

/** Those with the text in their label; all for an empty text. */
export function suggestionsFor(
  suggestions: Suggestion[] | undefined,
  text: string,
): Suggestion[] | undefined {
  const wanted = text.trim().toLowerCase()
  return suggestions?.filter(({ value, label = value }) => label.toLowerCase().includes(wanted))
}

export function listText(value: FilterScalar): string {
  return String(value)
}

export function labelOfValue(text: string, field: CatalogField): string {
  return choicesOf(field).find(({ value }) => value === text)?.label ?? text
}

/** Typed values as the field has them; what does not fit is left out. Undefined for none. */
export function toListValue(
  texts: readonly string[],
  field: CatalogField,
): FilterScalar[] | undefined {
  const values = texts.flatMap((text): FilterScalar[] => {
    const value = toValue(text, field)
    return value === null ? [] : [value]
  })
  return values.length > 0 ? values.slice(0, FILTER_LIMITS.listLength) : undefined
}

/** A choice may be typed by its label. */
function toValue(text: string, field: CatalogField): FilterScalar | null {
  const wanted = text.toLowerCase()
  const choice = choicesOf(field).find(
    ({ value, label }) => value.toLowerCase() === wanted || label.toLowerCase() === wanted,
  )
  switch (field.valueKind) {
    case 'number':
      return parseNumberText(choice?.value ?? text)
    case 'boolean':
      return choice ? choice.value === 'true' : null
    case 'choice':
      return choice?.value ?? null
    default:
      return text.slice(0, FILTER_LIMITS.textLength)
  }
}

/** As a text field shows it; empty for what is no text. */
export function toText(value: RuleValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
