import { useSyncExternalStore } from 'react'

/** Below this a row is a card of two lines. */
const narrow = window.matchMedia('(max-width: 639px)')

export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches)
}

function subscribe(listener: () => void) {
  narrow.addEventListener('change', listener)
  return () => narrow.removeEventListener('change', listener)
}
