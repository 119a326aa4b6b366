const PREFIX = 'talktrack.player.'

/** What this browser remembers about the player; null where nothing is stored or storage is off. */
export function readPreference(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name)
  } catch {
    return null
  }
}

/** Remembers it for the next visit. Where storage is off the choice holds until the page is left. */
export function writePreference(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value)
  } catch (error) {
    console.warn('This browser keeps no preferences:', error)
  }
}
