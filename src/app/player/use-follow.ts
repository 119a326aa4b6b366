import { useEffect, useState } from 'react'
import { readPreference, writePreference } from './preference.ts'

/** `yielded`: wanted, but the reader has scrolled away and is left in peace. */
type FollowMode = 'on' | 'yielded' | 'off'

export type Follow = { mode: FollowMode; toggle: () => void; resume: () => void }

const FOLLOW = 'follow'

/** Keys by which a reader scrolls. */
const SCROLL_KEYS = new Set(['PageUp', 'PageDown', 'Home', 'End'])

/** Whether the transcript keeps the current turn in view; yields to the first wheel, touch or scrolling key. */
export function useFollow(scroller: HTMLElement | null): Follow {
  const [mode, setMode] = useState<FollowMode>(readPreference(FOLLOW) === 'off' ? 'off' : 'on')

  useEffect(() => {
    if (!scroller) return
    const controller = new AbortController()
    const options = { passive: true, signal: controller.signal }
    const yieldToReader = () => setMode((now) => (now === 'on' ? 'yielded' : now))
    scroller.addEventListener('wheel', yieldToReader, options)
    scroller.addEventListener('touchmove', yieldToReader, options)
    scroller.addEventListener(
      'keydown',
      (event) => SCROLL_KEYS.has(event.key) && yieldToReader(),
      options,
    )
    // A press on the scroll bar has the scroller itself as its target.
    scroller.addEventListener(
      'pointerdown',
      (event) => event.target === scroller && yieldToReader(),
      options,
    )
    return () => controller.abort()
  }, [scroller])

  return {
    mode,
    toggle: () => {
      const next = mode === 'on' ? 'off' : 'on'
      setMode(next)
      writePreference(FOLLOW, next)
    },
    resume: () => setMode((now) => (now === 'yielded' ? 'on' : now)),
  }
}
