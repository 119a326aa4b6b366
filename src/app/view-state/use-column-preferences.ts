import { useCallback, useSyncExternalStore } from 'react'
import {
  type ColumnPreferences,
  DEFAULT_PREFERENCES,
  PREFERENCES_KEY,
  parsePreferences,
} from './column-preferences.ts'

const listeners = new Set<() => void>()
let current: ColumnPreferences | null = null

/** This browser's columns, kept in its storage and the same in all its tabs. */
export function useColumnPreferences() {
  const preferences = useSyncExternalStore(subscribe, getPreferences)
  const change = useCallback((changes: Partial<ColumnPreferences>) => {
    current = { ...getPreferences(), ...changes }
    store(JSON.stringify(current))
    notify()
  }, [])
  const reset = useCallback(() => {
    current = DEFAULT_PREFERENCES
    store(null)
    notify()
  }, [])
  return { preferences, change, reset }
}

function getPreferences(): ColumnPreferences {
  current ??= parsePreferences(read())
  return current
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  window.addEventListener('storage', handleStorage)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) window.removeEventListener('storage', handleStorage)
  }
}

function handleStorage(event: StorageEvent) {
  if (event.key !== PREFERENCES_KEY) return
  current = parsePreferences(event.newValue)
  notify()
}

function notify() {
  for (const listener of listeners) listener()
}

// Browsers can forbid storage altogether; then the columns last as long as the page.
function read(): string | null {
  try {
    return localStorage.getItem(PREFERENCES_KEY)
  } catch {
    return null
  }
}

function store(text: string | null) {
  try {
    if (text === null) localStorage.removeItem(PREFERENCES_KEY)
    else localStorage.setItem(PREFERENCES_KEY, text)
  } catch (cause) {
    console.warn('The columns could not be stored', cause)
  }
}
