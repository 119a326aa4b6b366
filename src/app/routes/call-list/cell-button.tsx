import { ListFilter } from 'lucide-react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import type { CallRow } from '#contract/api.ts'
import { isFixed } from '../../view-state/column-preferences.ts'
import { type CellMenuTarget, cellAt, cellTargetAt } from './cell-target.ts'
import { hasFilters } from './column-filters.ts'
import type { ListColumn } from './columns.tsx'

type CellButtonProps = {
  scroller: RefObject<HTMLElement | null>
  rows: readonly CallRow[]
  /** Those that show. */
  columns: readonly ListColumn[]
  onOpen: (target: CellMenuTarget) => void
}

type Spot = { label: string; left: number; top: number; x: number; y: number }

/** CSS pixels, both ways. */
const SIZE = 22

/**
 * The filter button of the cell under the pointer. One for the whole table: a button in each cell would cost frames
 * while scrolling. The keyboard has `i` for the same menu.
 */
export function CellButton({ scroller, rows, columns, onOpen }: CellButtonProps) {
  const button = useRef<HTMLButtonElement>(null)
  const [spot, setSpot] = useState<Spot | null>(null)

  useEffect(() => {
    const element = scroller.current
    const frame = element?.parentElement
    if (!element || !frame) return
    let cell: HTMLElement | null = null
    const hide = () => {
      cell = null
      setSpot(null)
    }
    const follow = (event: PointerEvent) => {
      if (event.pointerType !== 'mouse' || event.buttons !== 0) return
      const under = cellAt(event.clientX, event.clientY)
      if (under === cell) return
      cell = under
      setSpot(under && spotOf(under, { frame, columns }))
    }
    const leave = (event: PointerEvent) => {
      if (event.relatedTarget !== button.current) hide()
    }
    element.addEventListener('pointermove', follow, { passive: true })
    element.addEventListener('pointerleave', leave)
    element.addEventListener('scroll', hide, { passive: true })
    return () => {
      element.removeEventListener('pointermove', follow)
      element.removeEventListener('pointerleave', leave)
      element.removeEventListener('scroll', hide)
    }
  }, [scroller, columns])

  if (!spot) return null
  return (
    <button
      ref={button}
      type="button"
      tabIndex={-1}
      aria-label={`Filter by ${spot.label}`}
      title={`Filter by ${spot.label} (right click, or i on the active row)`}
      style={{ left: spot.left, top: spot.top }}
      onClick={() => {
        const target = cellTargetAt({ clientX: spot.x, clientY: spot.y }, rows)
        if (target) onOpen(target)
      }}
      onPointerLeave={() => setSpot(null)}
      className="absolute z-10 flex size-[22px] items-center justify-center rounded-[4px] border border-line bg-raised text-ink-faint hover:text-accent"
    >
      <ListFilter size={12} />
    </button>
  )
}

/** At the right end of the cell, as far as it is in view. */
function spotOf(
  cell: HTMLElement,
  { frame, columns }: { frame: HTMLElement; columns: readonly ListColumn[] },
): Spot | null {
  const column = columns.find(({ id }) => id === cell.dataset.column)
  if (!column || !hasFilters(column.id)) return null
  // A metric's name is a name.
  const label = isFixed(column.id) ? column.label.toLowerCase() : column.label
  const box = cell.getBoundingClientRect()
  const around = frame.getBoundingClientRect()
  const left = box.right - around.left - SIZE - 2
  if (left + SIZE > around.width || left < 0) return null
  const y = box.top + Math.min(box.height, 36) / 2
  return { label, left, top: y - around.top - SIZE / 2, x: box.left + 4, y }
}
