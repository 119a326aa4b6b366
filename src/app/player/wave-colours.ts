import type { Voice } from './lanes.ts'
import type { LaneColours } from './wave-drawing.ts'

const VARIABLE: Record<Voice, string> = {
  agent: '--agent',
  caller: '--caller',
  both: '--ink-soft',
  unknown: '--ink-soft',
}

/** The lane colours of the theme that holds at `element`. A canvas knows no CSS variables, so they are read here. */
export function laneColours(element: Element, voices: readonly Voice[]): LaneColours[] {
  const style = getComputedStyle(element)
  const surface = style.getPropertyValue('--surface').trim()
  return voices.map((voice) => {
    const heard = style.getPropertyValue(VARIABLE[voice]).trim()
    return { heard, ahead: `color-mix(in oklab, ${heard} 45%, ${surface})` }
  })
}

/** Calls back after the theme changed, by switch or by system. */
export function onThemeChange(callback: () => void): () => void {
  const observer = new MutationObserver(callback)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}
