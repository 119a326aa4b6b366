import { Check, Minus } from 'lucide-react'
import type { MouseEvent } from 'react'
import { classNames } from '../ui/class-names.ts'
import { isChosen } from './selection.ts'
import { useSelected, useSelectionStore } from './selection-store.ts'

type SelectBoxProps = { id: number; callId: string }

/** Chooses the call of a row; with shift, all rows from the last one on. */
export function SelectBox({ id, callId }: SelectBoxProps) {
  const store = useSelectionStore()
  const isChecked = useSelected(store, (selection) => isChosen(selection, id))
  return (
    <Box
      label={`Select ${callId}`}
      state={isChecked ? 'all' : 'none'}
      onClick={(event) => (event.shiftKey ? store.extend(id) : store.toggle(id))}
      isReachedByTab={false}
    />
  )
}

/** In the header: chooses the loaded rows, or lets go of all. */
export function SelectLoadedBox() {
  const store = useSelectionStore()
  const state = useSelected(store, () => store.loadedState())
  return (
    <Box
      label="Select the loaded calls"
      state={state}
      onClick={() => store.toggleLoaded()}
      isReachedByTab
    />
  )
}

type BoxProps = {
  label: string
  state: 'none' | 'some' | 'all'
  onClick: (event: MouseEvent) => void
  /** Of the rows' boxes none is: a list has one stop, and `x` chooses its active row. */
  isReachedByTab: boolean
}

const ARIA_CHECKED = { none: false, some: 'mixed', all: true } as const

/** A button, so that a row knows that a click here is not for it; a box of 15 px in a target of 26. */
function Box({ label, state, onClick, isReachedByTab }: BoxProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see above
    <button
      type="button"
      role="checkbox"
      aria-checked={ARIA_CHECKED[state]}
      aria-label={label}
      tabIndex={isReachedByTab ? 0 : -1}
      onClick={onClick}
      // Shift and a click would mark the text between.
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
      className="flex size-[26px] shrink-0 items-center justify-center"
    >
      <span
        className={classNames(
          'flex size-[15px] items-center justify-center rounded-[4px] border',
          state === 'none'
            ? 'border-line-strong bg-surface'
            : 'border-transparent bg-accent text-accent-ink',
        )}
      >
        {state === 'all' && <Check size={11} strokeWidth={3} />}
        {state === 'some' && <Minus size={11} strokeWidth={3} />}
      </span>
    </button>
  )
}
