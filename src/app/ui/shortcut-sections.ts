import { useEffect, useSyncExternalStore } from 'react'

export type Shortcut = {
  /** As `Kbd` takes them; alternatives are separate entries: `['j', 'down']`. */
  keys: readonly string[]
  label: string
}

export type ShortcutSection = { title: string; shortcuts: readonly Shortcut[] }

let sections: readonly ShortcutSection[] = []
const listeners = new Set<() => void>()

function replace(next: readonly ShortcutSection[]) {
  sections = next
  for (const notify of listeners) notify()
}

/**
 * Lists a page's keys on the keyboard sheet while the page is open. `section` must be stable: a
 * constant of its module.
 */
export function useShortcutSection(section: ShortcutSection) {
  useEffect(() => {
    replace([...sections, section])
    return () => replace(sections.filter((other) => other !== section))
  }, [section])
}

/** What the pages on screen have listed. */
export function useShortcutSections(): readonly ShortcutSection[] {
  return useSyncExternalStore(subscribe, () => sections)
}

function subscribe(notify: () => void) {
  listeners.add(notify)
  return () => listeners.delete(notify)
}
