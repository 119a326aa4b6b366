import { type RefObject, useEffect, useRef } from 'react'

/**
 * Props for the frame of controls that come and go. Once the focused one is gone, as "Save" is after saving, `fallback`
 * gets the focus, which would otherwise be nowhere. Dialogs and menus that the frame opens count as inside.
 */
export function useKeptFocus(fallback: RefObject<HTMLElement | null>) {
  const hadFocus = useRef(false)
  // After every render, since any can take the control away. Its removal is no blur.
  useEffect(() => {
    if (hadFocus.current && document.activeElement === document.body) fallback.current?.focus()
  })
  return {
    onFocus: () => {
      hadFocus.current = true
    },
    onBlur: () => {
      hadFocus.current = false
    },
  }
}
