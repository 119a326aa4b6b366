import { useEffect, useEffectEvent } from 'react'
import { isDialogOpen, isTyping } from '../ui/keyboard.ts'
import { actionOf, type ReviewAction } from './key-map.ts'

/** Places where these keys already mean something. */
const OWN_KEYS = '[role="menu"], [role="listbox"], [role="combobox"], [role="tree"]'

/** Space presses these. */
const PRESSABLE = 'button, a[href], summary, [role="button"], [role="switch"], [role="checkbox"]'

/** Text fields in which a call can be finished: what stands there is saved with it. */
const FINISHING = '[data-finishes-call]'

/** A key that is held down must not write again and again, nor finish calls that nobody has seen. */
const ONCE: ReadonlySet<ReviewAction> = new Set(['agree', 'disagree', 'comment', 'done-and-next'])

/** Runs the review seat's keys while the page is open, except while typing or inside something with keys of its own. An action without a handler leaves its key to the browser. */
export function useReviewKeys(handlers: Partial<Record<ReviewAction, () => void>>): void {
  const handleKey = useEffectEvent((event: KeyboardEvent) => {
    const action = actionOf(event)
    const handler = action && handlers[action]
    if (!handler || event.defaultPrevented || isTaken(event, action)) return
    event.preventDefault()
    if (!event.repeat || !ONCE.has(action)) handler()
  })

  useEffect(() => {
    const listener = (event: KeyboardEvent) => handleKey(event)
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  }, [])
}

function isTaken(event: KeyboardEvent, action: ReviewAction): boolean {
  if (isDialogOpen()) return true
  if (isTyping(event)) return action !== 'done-and-next' || !isFinishing(event)
  if (!(event.target instanceof Element)) return false
  if (event.target.closest(OWN_KEYS)) return true
  return event.key === ' ' && event.target.closest(PRESSABLE) !== null
}

function isFinishing({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.closest(FINISHING) !== null
}
