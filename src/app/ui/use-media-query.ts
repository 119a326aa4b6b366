import { useCallback, useSyncExternalStore } from 'react'

/** Below this the side navigation is a bar at the bottom, and tables are lists. Tailwind's `max-md`. */
export const NARROW = '(width < 48rem)'

/** Whether the media query holds, kept up to date. */
export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (notify: () => void) => {
      const list = matchMedia(query)
      list.addEventListener('change', notify)
      return () => list.removeEventListener('change', notify)
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches)
}
