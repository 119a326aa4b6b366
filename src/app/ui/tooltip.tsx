import {
  cloneElement,
  type FocusEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  useEffect,
  useId,
} from 'react'
import type { Side } from './place-tooltip.ts'
import { TooltipLayer } from './tooltip-layer.tsx'
import {
  hideTooltip,
  hideTooltipOf,
  hideTooltipSoon,
  showTooltip,
  updateTooltip,
} from './tooltip-store.ts'

export type TooltipProps = {
  label: ReactNode
  shortcut?: string
  /** The element it explains. It must take DOM props and have an accessible name of its own. */
  children: ReactElement
  side?: Side
}

/** Handlers the element may have itself; they are called first. */
type AnchorProps = {
  onPointerEnter?: (event: PointerEvent) => void
  onPointerLeave?: (event: PointerEvent) => void
  onPointerDown?: (event: PointerEvent) => void
  onFocus?: (event: FocusEvent) => void
  onBlur?: (event: FocusEvent) => void
}

/** A hint on hover and keyboard focus. Never the only place where something is said. */
export function Tooltip({ label, shortcut, children, side = 'bottom' }: TooltipProps) {
  const id = useId()
  useEffect(() => updateTooltip({ id, label, shortcut, side }), [id, label, shortcut, side])
  useEffect(() => () => hideTooltipOf(id), [id])

  const anchor = children as ReactElement<AnchorProps>
  const own = anchor.props
  const toShow = (element: Element) => ({ id, anchor: element, label, shortcut, side })

  return cloneElement(anchor, {
    onPointerEnter: (event) => {
      own.onPointerEnter?.(event)
      if (event.pointerType !== 'touch') showTooltip(toShow(event.currentTarget), 'after-delay')
    },
    onPointerLeave: (event) => {
      own.onPointerLeave?.(event)
      hideTooltipSoon()
    },
    onPointerDown: (event) => {
      own.onPointerDown?.(event)
      hideTooltip()
    },
    onFocus: (event) => {
      own.onFocus?.(event)
      const isByKeyboard = event.currentTarget.matches(':focus-visible')
      if (isByKeyboard) showTooltip(toShow(event.currentTarget), 'now')
    },
    onBlur: (event) => {
      own.onBlur?.(event)
      hideTooltip()
    },
  })
}

/** Around the app: draws the one tooltip that is open. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <>
      {children}
      <TooltipLayer />
    </>
  )
}
