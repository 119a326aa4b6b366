import { type PointerEvent, useRef } from 'react'
import { clampWidth } from '../../view-state/column-preferences.ts'

type ResizeHandleProps = {
  /** Width now, in CSS pixels, however it came about. */
  measure: () => number
  onWidth: (width: number) => void
  /** Back to the usual width. */
  onReset: () => void
}

/** The edge of a column, for the pointer. The keyboard has shift and the arrows on the column's name. */
export function ResizeHandle({ measure, onWidth, onReset }: ResizeHandleProps) {
  const start = useRef<{ x: number; width: number } | null>(null)

  const handlePointerDown = (event: PointerEvent<HTMLSpanElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    start.current = { x: event.clientX, width: measure() }
  }
  const handlePointerMove = (event: PointerEvent) => {
    if (!start.current) return
    onWidth(clampWidth(start.current.width + event.clientX - start.current.x))
  }
  const handlePointerEnd = () => {
    start.current = null
  }
  return (
    <span
      aria-hidden="true"
      // Otherwise the column under it would be dragged along.
      onMouseDown={(event) => event.preventDefault()}
      onPointerDown={handlePointerDown}
      onPointerMove={handlePointerMove}
      onPointerUp={handlePointerEnd}
      onPointerCancel={handlePointerEnd}
      onDoubleClick={onReset}
      title="Drag to resize, double-click to reset"
      className="absolute inset-y-0 -right-[5px] z-1 w-[10px] cursor-col-resize touch-none after:absolute after:inset-y-[8px] after:left-[4px] after:w-px after:bg-transparent group-hover/header:after:bg-line hover:after:bg-accent! active:after:bg-accent!"
    />
  )
}
