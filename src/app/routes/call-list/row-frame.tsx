import { createContext, type MouseEvent, type ReactNode, useState } from 'react'
import type { CallRow } from '#contract/api.ts'
import { SelectBox } from '../../bulk/select-box.tsx'
import { classNames } from '../../ui/class-names.ts'
import { GridCell, GridRow } from './grid-elements.tsx'

export type OpenCall = (id: number, options: { isNewTab: boolean }) => void

export type RowFrameProps = {
  call: CallRow
  /** From 1, the header included where there is one. */
  ariaRowIndex: number
  /** CSS pixels from the top of the first row. */
  top: number
  height: number
  isActive: boolean
  /** It changed since it was listed and is no longer what the filter asks for. */
  hasLeft: boolean
  /** What was searched for; empty without a search. */
  searched: string
  onActivate: (id: number) => void
  onApproach: (id: number) => void
  onOpen: OpenCall
  className?: string
  children: ReactNode
}

export function rowElementId(callId: number): string {
  return `call-row-${callId}`
}

/** Whether the pointer is on the row or the row is active: what only then shows, only then exists. */
export const IsRowAtHand = createContext(false)

/** A row at its place in the window: opens the call, shows whether it is active. */
export function RowFrame(props: RowFrameProps) {
  const { call, isActive, hasLeft, onActivate, onApproach, onOpen, className, children } = props
  const [isPointed, setIsPointed] = useState(false)
  const handleClick = (event: MouseEvent) => {
    onActivate(call.id)
    // A link to a moment of the call has gone there itself.
    if (event.defaultPrevented) return
    const control = closestControl(event)
    if (control === 'button' || (control === 'link' && isForNewTab(event))) return
    event.preventDefault()
    onOpen(call.id, { isNewTab: isForNewTab(event) })
  }
  const handleAuxClick = (event: MouseEvent) => {
    if (event.button === 1 && closestControl(event) === null) onOpen(call.id, { isNewTab: true })
  }
  return (
    <GridRow
      id={rowElementId(call.id)}
      aria-rowindex={props.ariaRowIndex}
      data-active={isActive || undefined}
      title={hasLeft ? 'No longer matches the filter' : undefined}
      style={{ height: props.height, transform: `translateY(${props.top}px)` }}
      onPointerEnter={() => {
        setIsPointed(true)
        onApproach(call.id)
      }}
      onPointerLeave={() => setIsPointed(false)}
      onClick={handleClick}
      onAuxClick={handleAuxClick}
      className={classNames(
        'group absolute inset-x-0 top-0 items-center border-b border-line/70 [contain:strict] before:absolute before:inset-y-0 before:left-0 before:w-[2px] hover:bg-hover/70 data-active:bg-selected data-active:before:bg-accent group-focus-visible/grid:data-active:outline-2 group-focus-visible/grid:data-active:-outline-offset-2 group-focus-visible/grid:data-active:outline-accent',
        hasLeft && 'bg-sunken',
        className,
      )}
    >
      <GridCell className="absolute top-0 left-[6px] z-[1] flex h-full items-center">
        <SelectBox id={call.id} callId={call.callId} />
      </GridCell>
      <IsRowAtHand value={isPointed || isActive}>{children}</IsRowAtHand>
    </GridRow>
  )
}

/** The row's link is a real one and opens its own tabs; clicks beside it, on a time or a mark, do the same. */
function closestControl(event: MouseEvent): 'link' | 'button' | null {
  const control = event.target instanceof Element ? event.target.closest('a, button') : null
  if (!control) return null
  return control.tagName === 'A' ? 'link' : 'button'
}

function isForNewTab(event: MouseEvent): boolean {
  return event.ctrlKey || event.metaKey || event.shiftKey
}
