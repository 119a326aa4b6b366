import type { FieldProps } from './field.tsx'

export type ComboboxOption = {
  value: string
  label: string
  /** A word or two at the right, such as a unit. Searched as well. */
  hint?: string
  /** A second line. Searched as well. */
  detail?: string
}

export type ComboboxGroup = { label: string; options: readonly ComboboxOption[] }

export type ComboboxSize = 'small' | 'medium'

export type ComboboxProps = FieldProps & {
  groups: readonly ComboboxGroup[]
  /** A value that is no option is shown as it is. */
  value: string | null
  onChange: (value: string) => void
  /** Options for what is typed that are in no list; null for none. */
  moreOptions?: (query: string) => ComboboxGroup | null
  /** Shown while there is no value. */
  placeholder?: string
  searchPlaceholder?: string
  /** What gets the focus once the list has closed; the combobox itself for null. */
  focusOnClose?: () => HTMLElement | null
  size?: ComboboxSize
  isDisabled?: boolean
  className?: string
}

export function findOption(groups: readonly ComboboxGroup[], value: string | null) {
  for (const { options } of groups) {
    const option = options.find((candidate) => candidate.value === value)
    if (option) return option
  }
  return null
}
