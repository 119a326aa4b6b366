import type { ReactNode } from 'react'
import type { Side } from './place-tooltip.ts'

export type ShownTooltip = {
  /** Of the `Tooltip` it belongs to. */
  id: string
  anchor: Element
  label: ReactNode
  shortcut: string | undefined
  side: Side
}

const OPEN_DELAY_MS = 450
const CLOSE_DELAY_MS = 80
/** For so long after one tooltip its neighbours open at once. */
const WARM_MS = 400

let shown: ShownTooltip | null = null
let timer: ReturnType<typeof setTimeout> | undefined
let lastShownAt = 0
const listeners = new Set<() => void>()

export function getShownTooltip(): ShownTooltip | null {
  return shown
}

export function subscribeToTooltip(notify: () => void) {
  listeners.add(notify)
  return () => listeners.delete(notify)
}

/** One tooltip at a time, for the whole app. */
export function showTooltip(tooltip: ShownTooltip, when: 'now' | 'after-delay') {
  clearTimeout(timer)
  const isWarm = shown !== null || performance.now() - lastShownAt < WARM_MS
  if (when === 'now' || isWarm) put(tooltip)
  else timer = setTimeout(() => put(tooltip), OPEN_DELAY_MS)
}

/** New content for the tooltip of `id` if it is the one that is open. */
export function updateTooltip(tooltip: Omit<ShownTooltip, 'anchor'>) {
  if (shown?.id === tooltip.id) put({ ...shown, ...tooltip })
}

/** After a moment, so that the pointer can move onto the tooltip (WCAG 1.4.13). */
export function hideTooltipSoon() {
  clearTimeout(timer)
  timer = setTimeout(hideTooltip, CLOSE_DELAY_MS)
}

export function keepTooltip() {
  clearTimeout(timer)
}

export function hideTooltip() {
  clearTimeout(timer)
  if (!shown) return
  lastShownAt = performance.now()
  put(null)
}

/** For an element that goes: hides the tooltip of `id` if it is the one that is open. */
export function hideTooltipOf(id: string) {
  if (shown?.id === id) hideTooltip()
}

function put(next: ShownTooltip | null) {
  shown = next
  for (const notify of listeners) notify()
}
