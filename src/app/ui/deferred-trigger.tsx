import { cloneElement, type KeyboardEvent, type MouseEvent, type ReactElement } from 'react'

/** What of a trigger's own props is kept and called as well. */
type TriggerProps = {
  onClick?: (event: MouseEvent) => void
  onKeyDown?: (event: KeyboardEvent) => void
  onFocus?: () => void
  onPointerEnter?: () => void
  [attribute: `aria-${string}`]: unknown
}

export type DeferredTriggerProps = {
  trigger: ReactElement
  popup: 'menu' | 'dialog'
  /** Fetch the code: the pointer or the focus is already on the button. */
  onApproach: () => void
  onActivate: () => void
}

/** The button of a popup whose code is not here yet. Looks and sounds like the real one. */
export function DeferredTrigger({ trigger, popup, onApproach, onActivate }: DeferredTriggerProps) {
  const button = trigger as ReactElement<TriggerProps>
  const { onClick, onKeyDown, onFocus, onPointerEnter } = button.props
  return cloneElement(button, {
    'aria-haspopup': popup,
    'aria-expanded': false,
    onClick: (event) => {
      onClick?.(event)
      onActivate()
    },
    onKeyDown: (event) => {
      onKeyDown?.(event)
      if (popup !== 'menu' || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
      event.preventDefault()
      onActivate()
    },
    onFocus: () => {
      onFocus?.()
      onApproach()
    },
    onPointerEnter: () => {
      onPointerEnter?.()
      onApproach()
    },
  })
}
