import { useEffect } from 'react'
import { isDialogOpen, isTyping } from '../ui/keyboard.ts'
import { type Overlay, openOverlay } from './overlays.ts'

const OVERLAY_OF_KEY: Record<string, Overlay> = { '?': 'keyboard-sheet', v: 'views' }

/** Ctrl/Cmd+K opens the palette from anywhere; `v` the views and `?` the keyboard sheet unless someone is typing. */
export function useShellKeys() {
  useEffect(() => {
    const handleKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      const isModified = event.ctrlKey || event.metaKey
      if (isModified && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        openOverlay('palette')
        return
      }
      const overlay = OVERLAY_OF_KEY[event.key]
      if (!overlay || isModified || event.altKey || isTyping(event) || isDialogOpen()) return
      event.preventDefault()
      openOverlay(overlay)
    }
    window.addEventListener('keydown', handleKeyDown)
    return () => window.removeEventListener('keydown', handleKeyDown)
  }, [])
}
