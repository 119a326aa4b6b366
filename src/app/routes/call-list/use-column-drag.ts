import { type DragEvent, useState } from 'react'
import { type ColumnId, moveColumn } from '../../view-state/column-preferences.ts'

/** Dragging a column onto another puts it in that one's place. `dragProps` goes onto each of them. */
export function useColumnDrag(order: readonly ColumnId[], onOrder: (order: ColumnId[]) => void) {
  const [dragged, setDragged] = useState<ColumnId | null>(null)
  const [target, setTarget] = useState<ColumnId | null>(null)

  const end = () => {
    setDragged(null)
    setTarget(null)
  }
  const dragProps = (id: ColumnId) => ({
    draggable: true,
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.effectAllowed = 'move'
      // Firefox starts no drag without data.
      event.dataTransfer.setData('text/plain', id)
      setDragged(id)
    },
    onDragOver: (event: DragEvent) => {
      if (!dragged) return
      event.preventDefault()
      setTarget(id)
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault()
      if (dragged) onOrder(moveColumn(order, dragged, order.indexOf(id)))
      end()
    },
    onDragEnd: end,
  })

  /** On which side of `id` the dragged column would land; null if it would not. */
  const dropSide = (id: ColumnId): 'before' | 'after' | null => {
    if (!dragged || target !== id || dragged === id) return null
    return order.indexOf(dragged) < order.indexOf(id) ? 'after' : 'before'
  }
  return { dragProps, dropSide }
}
