import { useSyncExternalStore } from 'react'

/** What may lie over any page. "Add call" is not here: it is in the URL, as `?add=1`. */
export type Overlay = 'palette' | 'views' | 'keyboard-sheet' | null

let current: Overlay = null
const listeners = new Set<() => void>()

export function openOverlay(overlay: Overlay) {
  current = overlay
  for (const notify of listeners) notify()
}

export function useOverlay(): Overlay {
  return useSyncExternalStore(subscribe, () => current)
}

function subscribe(notify: () => void) {
  listeners.add(notify)
  return () => listeners.delete(notify)
}
