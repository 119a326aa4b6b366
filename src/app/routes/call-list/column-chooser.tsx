import { ArrowDown, ArrowUp, Check, GripVertical, Minus, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from '../../ui/class-names.ts'
import {
  ALWAYS_SHOWN,
  type ColumnId,
  type ColumnPreferences,
  clampWidth,
  moveColumn,
  toggleColumn,
} from '../../view-state/column-preferences.ts'
import { COLUMN_LABEL, COLUMN_WIDTHS } from './columns.tsx'
import { useColumnDrag } from './use-column-drag.ts'

const WIDTH_STEP = 16

type ColumnChooserProps = {
  preferences: ColumnPreferences
  onChange: (changes: Partial<ColumnPreferences>) => void
}

/** Every column with its place, width and whether it shows: all of it by pointer and by keyboard. */
export function ColumnChooser({ preferences, onChange }: ColumnChooserProps) {
  const { order, hidden, widths } = preferences
  const { dragProps, dropSide } = useColumnDrag(order, (next) => onChange({ order: next }))

  const resize = (id: ColumnId, by: number) =>
    onChange({ widths: { ...widths, [id]: clampWidth((widths[id] ?? COLUMN_WIDTHS[id]) + by) } })
  const move = (id: ColumnId, by: number) =>
    onChange({ order: moveColumn(order, id, order.indexOf(id) + by) })

  return (
    <ul aria-label="Columns" className="mt-[10px]">
      {order.map((id, index) => {
        const label = COLUMN_LABEL[id]
        return (
          <li
            key={id}
            {...dragProps(id)}
            className={classNames(
              'group/column -mx-[4px] flex h-[28px] items-center rounded-[5px] pr-[2px] hover:bg-hover',
              dropSide(id) === 'before' && 'shadow-[0_-2px_0_var(--accent)]',
              dropSide(id) === 'after' && 'shadow-[0_2px_0_var(--accent)]',
            )}
          >
            <GripVertical
              size={14}
              aria-hidden="true"
              className="mx-[2px] shrink-0 cursor-grab text-ink-faint opacity-60 group-hover/column:opacity-100"
            />
            <Shown
              label={label}
              isShown={!hidden.includes(id)}
              isFixed={id === ALWAYS_SHOWN}
              onToggle={() => onChange({ hidden: toggleColumn(hidden, id) })}
            />
            <span className="flex items-center opacity-0 group-focus-within/column:opacity-100 group-hover/column:opacity-100 pointer-coarse:opacity-100">
              <SmallButton label={`Make ${label} narrower`} onClick={() => resize(id, -WIDTH_STEP)}>
                <Minus size={13} />
              </SmallButton>
              <span className="w-[26px] text-center text-[12px] text-ink-faint tabular-nums">
                <span className="sr-only">{label} is </span>
                {widths[id] ?? COLUMN_WIDTHS[id]}
                <span className="sr-only"> pixels wide</span>
              </span>
              <SmallButton label={`Make ${label} wider`} onClick={() => resize(id, WIDTH_STEP)}>
                <Plus size={13} />
              </SmallButton>
              <SmallButton
                label={`Move ${label} up`}
                isDisabled={index === 0}
                onClick={() => move(id, -1)}
              >
                <ArrowUp size={13} />
              </SmallButton>
              <SmallButton
                label={`Move ${label} down`}
                isDisabled={index === order.length - 1}
                onClick={() => move(id, 1)}
              >
                <ArrowDown size={13} />
              </SmallButton>
            </span>
          </li>
        )
      })}
    </ul>
  )
}

type ShownProps = { label: string; isShown: boolean; isFixed: boolean; onToggle: () => void }

function Shown({ label, isShown, isFixed, onToggle }: ShownProps) {
  return (
    <label className="flex h-full min-w-0 flex-1 cursor-pointer items-center gap-[7px]">
      <input
        type="checkbox"
        checked={isShown}
        disabled={isFixed}
        onChange={onToggle}
        className="peer sr-only"
      />
      <span
        aria-hidden="true"
        className="flex size-[15px] shrink-0 items-center justify-center rounded-[4px] border border-line-strong text-transparent peer-checked:border-accent peer-checked:bg-accent peer-checked:text-accent-ink peer-focus-visible:outline-2 peer-focus-visible:outline-offset-1 peer-focus-visible:outline-accent peer-disabled:opacity-50"
      >
        <Check size={11} strokeWidth={3} />
      </span>
      <span className={classNames('truncate', !isShown && 'text-ink-faint')}>{label}</span>
    </label>
  )
}

type SmallButtonProps = {
  label: string
  onClick: () => void
  isDisabled?: boolean
  children: ReactNode
}

// `aria-disabled` keeps the focus on a button that has just moved its column to the end.
function SmallButton({ label, onClick, isDisabled = false, children }: SmallButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-disabled={isDisabled}
      onClick={isDisabled ? undefined : onClick}
      className="flex size-[24px] shrink-0 items-center justify-center rounded-[4px] text-ink-faint hover:bg-line hover:text-ink aria-disabled:opacity-35 aria-disabled:hover:bg-transparent"
    >
      {children}
    </button>
  )
}
