import type { FacetValue } from '#contract/facet.ts'
import { FILTER_LIMITS, type FilterScalar } from '#contract/filter.ts'
import { parseNumberText } from '../format/number-text.ts'
import type { Suggestion } from '../ui/suggestion-list.tsx'
import type { RuleValue } from './edit-tree.ts'
import type { CatalogField } from './field-catalog.ts'

/** Values as a list of suggestions; those of a choice that no call has are added without a count. */
export function toSuggestions(
  values: readonly FacetValue[] | undefined,
  field: CatalogField,
): Suggestion[] | undefined {
  if (!values && !field.choices) return undefined
  const found = (values ?? []).flatMap(({ value, count }) =>
    value === null || value === '' ? [] : [{ value: listText(value), count }],
  )
  const rest = (field.choices ?? [])
    .filter(({ value }) => !found.some((one) => one.value === value))
    .map(({ value }) => ({ value }))
  return [...found, ...rest].map((one) => ({ ...one, label: labelOfValue(one.value, field) }))
}

export function listText(value: FilterScalar): string {
  return String(value)
}

export function labelOfValue(text: string, field: CatalogField): string {
  const choice = field.choices?.find(({ value }) => value === text)
  if (choice) return choice.label
  if (field.valueKind === 'boolean' && text === 'true') return 'yes'
  if (field.valueKind === 'boolean' && text === 'false') return 'no'
  return text
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

function toValue(text: string, field: CatalogField): FilterScalar | null {
  switch (field.valueKind) {
    case 'number':
      return parseNumberText(text)
    case 'boolean':
      return BOOLEANS[text.toLowerCase()] ?? null
    case 'choice':
      return choiceOf(text, field)
    default:
      return text.slice(0, FILTER_LIMITS.textLength)
  }
}

const BOOLEANS: Record<string, boolean> = { true: true, yes: true, false: false, no: false }

/** A choice may be typed by its label. */
function choiceOf(text: string, { choices = [] }: CatalogField): string | null {
  const wanted = text.toLowerCase()
  const choice = choices.find(
    ({ value, label }) => value.toLowerCase() === wanted || label.toLowerCase() === wanted,
  )
  return choice?.value ?? null
}

/** As a text field shows it; empty for what is no text. */
export function toText(value: RuleValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
