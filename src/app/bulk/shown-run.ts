import { useSyncExternalStore } from 'react'

let shown: number | null = null
const listeners = new Set<() => void>()

/** Opens the report of a rerun over whatever page is there; null closes it. */
export function showRun(id: number | null) {
  shown = id
  for (const notify of listeners) notify()
}

export function useShownRun(): number | null {
  return useSyncExternalStore(subscribe, () => shown)
}

function subscribe(notify: () => void) {
  listeners.add(notify)
  return () => {
    listeners.delete(notify)
  }
}
