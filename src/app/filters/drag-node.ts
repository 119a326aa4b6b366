import {
  draggable,
  dropTargetForElements,
  type ElementDropTargetEventBasePayload,
  monitorForElements,
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import {
  attachInstruction,
  extractInstruction,
  type Operation,
} from '@atlaskit/pragmatic-drag-and-drop-hitbox/list-item'
import { type RefObject, useEffect, useEffectEvent, useState } from 'react'
import { type EditGroup, findNode, holds } from './edit-tree.ts'
import { type Place, placeOf } from './tree-edits.ts'

/** Marks our own drags: files and text that are dragged over the page have no such key. */
const NODE = 'filter-node'

/** Where on a node something is dropped. A group is met at its head, at its foot, or anywhere between its children. */
export type DropPart = 'rule' | 'head' | 'foot' | 'card'

const OPERATIONS: Record<DropPart, Partial<Record<Operation, 'available'>>> = {
  rule: { 'reorder-before': 'available', 'reorder-after': 'available' },
  head: { 'reorder-before': 'available', combine: 'available' },
  foot: { combine: 'available', 'reorder-after': 'available' },
  card: { combine: 'available' },
}

/** Lets a node be dragged by its handle. */
export function useDraggable(input: {
  id: string
  element: RefObject<HTMLElement | null>
  handle: RefObject<HTMLElement | null>
  isRoot: boolean
}): boolean {
  const { id, element, handle, isRoot } = input
  const [isDragging, setDragging] = useState(false)
  useEffect(() => {
    if (isRoot || !element.current || !handle.current) return
    return draggable({
      element: element.current,
      dragHandle: handle.current,
      getInitialData: () => ({ [NODE]: id }),
      onDragStart: () => setDragging(true),
      onDrop: () => setDragging(false),
    })
  }, [id, element, handle, isRoot])
  return isDragging
}

/** Lets nodes be dropped on an element. The operation that would happen now, for its indicator. */
export function useDropTarget(input: {
  id: string
  part: DropPart
  element: RefObject<HTMLElement | null>
  tree: EditGroup
}): Operation | null {
  const { id, part, element } = input
  const [operation, setOperation] = useState<Operation | null>(null)
  const isAllowed = useEffectEvent((dragged: string) => canDrop(input.tree, { dragged, on: id }))

  useEffect(() => {
    if (!element.current) return
    const show = ({ self, location }: ElementDropTargetEventBasePayload) => {
      const isInnermost = location.current.dropTargets[0]?.element === self.element
      setOperation(isInnermost ? (extractInstruction(self.data)?.operation ?? null) : null)
    }
    return dropTargetForElements({
      element: element.current,
      canDrop: ({ source }) => typeof source.data[NODE] === 'string',
      getData: ({ input: pointer, element: target, source }) => {
        const data = { [NODE]: id, part }
        // A node over itself stays a target, or the drop would fall through to the group around it.
        if (!isAllowed(String(source.data[NODE]))) return data
        return attachInstruction(data, {
          input: pointer,
          element: target,
          operations: OPERATIONS[part],
        })
      },
      onDragEnter: show,
      onDrag: show,
      onDropTargetChange: show,
      onDragLeave: () => setOperation(null),
      onDrop: () => setOperation(null),
    })
  }, [id, part, element])
  return operation
}

/** Carries out what is dropped on any node of the tree. */
export function useDropMonitor(tree: EditGroup, onMove: (id: string, place: Place) => void) {
  const handleDrop = useEffectEvent((dragged: string, data: Record<string | symbol, unknown>) => {
    const instruction = extractInstruction(data)
    const place =
      instruction &&
      placeOfDrop(tree, {
        on: String(data[NODE]),
        part: data.part as DropPart,
        operation: instruction.operation,
      })
    if (place) onMove(dragged, place)
  })
  useEffect(
    () =>
      monitorForElements({
        canMonitor: ({ source }) => typeof source.data[NODE] === 'string',
        onDrop: ({ source, location }) => {
          const [target] = location.current.dropTargets
          if (target) handleDrop(String(source.data[NODE]), target.data)
        },
      }),
    [],
  )
}

/** Nothing goes into itself. */
export function canDrop(
  tree: EditGroup,
  { dragged, on }: { dragged: string; on: string },
): boolean {
  const node = findNode(tree, dragged)
  return node !== null && !holds(node, on)
}

/** Where a drop puts the dragged node; null where it can go nowhere, as beside the root. */
export function placeOfDrop(
  tree: EditGroup,
  { on, part, operation }: { on: string; part: DropPart; operation: Operation },
): Place | null {
  if (operation === 'combine') {
    return { parentId: on, index: part === 'head' ? 0 : Number.POSITIVE_INFINITY }
  }
  const place = placeOf(tree, on)
  // At the root's edges the nearest thing to "beside it" is its own beginning or end.
  if (!place) {
    return { parentId: on, index: operation === 'reorder-before' ? 0 : Number.POSITIVE_INFINITY }
  }
  return operation === 'reorder-before' ? place : { ...place, index: place.index + 1 }
}
