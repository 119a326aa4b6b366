import { useEffect, useLayoutEffect, useRef, useSyncExternalStore } from 'react'
import { createPortal } from 'react-dom'
import { Kbd } from './kbd.tsx'
import { placeTooltip } from './place-tooltip.ts'
import {
  getShownTooltip,
  hideTooltip,
  hideTooltipSoon,
  keepTooltip,
  type ShownTooltip,
  subscribeToTooltip,
} from './tooltip-store.ts'

/** The tooltip that is open, if any, above everything else. */
export function TooltipLayer() {
  const shown = useSyncExternalStore(subscribeToTooltip, getShownTooltip)
  return shown && createPortal(<TooltipBox shown={shown} />, document.body)
}

function TooltipBox({ shown }: { shown: ShownTooltip }) {
  const box = useRef<HTMLDivElement>(null)

  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const { left, top } = placeTooltip({
      anchor: shown.anchor.getBoundingClientRect(),
      size: { width: element.offsetWidth, height: element.offsetHeight },
      viewport: { width: innerWidth, height: innerHeight },
      side: shown.side,
    })
    element.style.translate = `${Math.round(left)}px ${Math.round(top)}px`
  }, [shown])

  useEffect(() => {
    const hideOnEscape = (event: KeyboardEvent) => event.key === 'Escape' && hideTooltip()
    window.addEventListener('keydown', hideOnEscape, true)
    window.addEventListener('scroll', hideTooltip, true)
    return () => {
      window.removeEventListener('keydown', hideOnEscape, true)
      window.removeEventListener('scroll', hideTooltip, true)
    }
  }, [])

  return (
    <div
      ref={box}
      role="tooltip"
      onPointerEnter={keepTooltip}
      onPointerLeave={hideTooltipSoon}
      className="fixed top-0 left-0 z-70 flex w-max max-w-[300px] items-center gap-[8px] rounded-[5px] bg-ink px-[8px] py-[4px] text-[12px] leading-[17px] text-canvas"
    >
      <span className="min-w-0">{shown.label}</span>
      {shown.shortcut && <Kbd keys={shown.shortcut} tone="inverse" />}
    </div>
  )
}
