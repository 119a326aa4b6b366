import { FILTER_LIMITS } from '#contract/filter.ts'
import { SuggestField } from '../ui/suggest-field.tsx'
import { useFieldValues } from './use-field-values.ts'
import type { ValueProps } from './value-props.ts'
import { toSuggestions, toText } from './value-text.ts'

/** Text with the values that calls have. */
export function TextValue({ rule, field, onChange }: ValueProps) {
  const { values, isLoading, ask } = useFieldValues({ field: field.name, nodeId: rule.id })
  return (
    <SuggestField
      label="Value"
      isLabelHidden
      size="small"
      className="w-full"
      placeholder="Text"
      value={toText(rule.value)}
      onChange={(text) =>
        onChange(text === '' ? undefined : text.slice(0, FILTER_LIMITS.textLength))
      }
      suggestions={toSuggestions(values, field)}
      isLoading={isLoading}
      onQuery={ask}
    />
  )
}
