import { useEffect, useEffectEvent } from 'react'
import { isDialogOpen, isTyping } from '../ui/keyboard.ts'
import { actionOf, type ReviewAction } from './key-map.ts'

/** Places where these keys already mean something. */
const OWN_KEYS = '[role="menu"], [role="listbox"], [role="combobox"], [role="tree"]'

/** Space presses these. */
const PRESSABLE = 'button, a[href], summary, [role="button"], [role="switch"], [role="checkbox"]'

/** Runs the review seat's keys while the page is open, except while typing or inside something with keys of its own. An action without a handler leaves its key to the browser. */
export function useReviewKeys(handlers: Partial<Record<ReviewAction, () => void>>): void {
  const handleKey = useEffectEvent((event: KeyboardEvent) => {
    const action = actionOf(event)
    const handler = action && handlers[action]
    if (!handler || event.defaultPrevented || isTaken(event)) return
    event.preventDefault()
    handler()
  })

  useEffect(() => {
    const listener = (event: KeyboardEvent) => handleKey(event)
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  }, [])
}

function isTaken(event: KeyboardEvent): boolean {
  if (isTyping(event) || isDialogOpen()) return true
  if (!(event.target instanceof Element)) return false
  if (event.target.closest(OWN_KEYS)) return true
  return event.key === ' ' && event.target.closest(PRESSABLE) !== null
}
