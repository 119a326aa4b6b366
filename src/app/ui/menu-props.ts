import type { ReactElement, ReactNode } from 'react'

export type MenuProps = {
  /** The button that opens it: a `Button` or an `IconButton`. */
  trigger: ReactElement
  children: ReactNode
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'bottom' | 'left' | 'right'
  isOpen?: boolean
  onOpenChange?: (isOpen: boolean) => void
}

export type MenuItemProps = {
  children: ReactNode
  onSelect: () => void
  icon?: ReactNode
  shortcut?: string
  tone?: 'plain' | 'danger'
  isDisabled?: boolean
}

export type MenuOption<Value extends string> = { value: Value; label: string; icon?: ReactNode }

export type MenuRadioGroupProps<Value extends string> = {
  label: string
  options: readonly MenuOption<Value>[]
  value: Value
  onChange: (value: Value) => void
}
