import { CONTROL, type FieldProps } from './field.tsx'

export type SelectOption<Value extends string | number | null> = {
  value: Value
  label: string
  description?: string
}

export type SelectProps<Value extends string | number | null> = FieldProps & {
  options: readonly SelectOption<Value>[]
  value: Value
  onChange: (value: Value) => void
  /** Shown while the value is none of the options. */
  placeholder?: string
  isDisabled?: boolean
  className?: string
}

/** The look of the closed control. */
export const SELECT_TRIGGER = `${CONTROL} flex h-[30px] items-center justify-between gap-[8px] pr-[8px] pl-[9px] text-left`
