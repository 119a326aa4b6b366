import { useEffect } from 'react'
import { isDialogOpen, isTyping } from '../ui/keyboard.ts'
import { openOverlay } from './overlays.ts'

/** Ctrl/Cmd+K opens the palette from anywhere, `?` the keyboard sheet unless someone is typing. */
export function useShellKeys() {
  useEffect(() => {
    const handleKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      const isModified = event.ctrlKey || event.metaKey
      if (isModified && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        openOverlay('palette')
      } else if (event.key === '?' && !isModified && !isTyping(event) && !isDialogOpen()) {
        event.preventDefault()
        openOverlay('keyboard-sheet')
      }
    }
    window.addEventListener('keydown', handleKeyDown)
    return () => window.removeEventListener('keydown', handleKeyDown)
  }, [])
}
