import { ArrowDown, ArrowUp, GripVertical, Minus, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useMetrics } from '../../api/metrics.ts'
import { classNames } from '../../ui/class-names.ts'
import {
  ALWAYS_SHOWN,
  type ColumnId,
  type ColumnPreferences,
  clampWidth,
  isFixed,
  metricIdOf,
  moveColumn,
  toggleColumn,
  toggleMetric,
} from '../../view-state/column-preferences.ts'
import { ColumnBox } from './column-box.tsx'
import { COLUMN_LABEL, usualWidth } from './columns.tsx'
import { MetricChooser } from './metric-chooser.tsx'
import { useColumnDrag } from './use-column-drag.ts'

const WIDTH_STEP = 16

type ColumnChooserProps = {
  preferences: ColumnPreferences
  onChange: (changes: Partial<ColumnPreferences>) => void
}

/** Every column with its place, width and whether it shows: all of it by pointer and by keyboard. Below, the metrics to add. */
export function ColumnChooser({ preferences, onChange }: ColumnChooserProps) {
  const { hidden, widths } = preferences
  const metrics = useMetrics()
  // Until the names are here, none is known to be deleted.
  const nameOf = (metricId: number | null) =>
    metrics.data ? metrics.data.items.find(({ id }) => id === metricId)?.name : '…'
  // Without those that are deleted: who arranges what is there lets go of them.
  const labels = preferences.order.flatMap((id) => {
    const label = isFixed(id) ? COLUMN_LABEL[id] : nameOf(metricIdOf(id))
    return label === undefined ? [] : [{ id, label }]
  })
  const order = labels.map(({ id }) => id)
  const { dragProps, dropSide } = useColumnDrag(order, (next) => onChange({ order: next }))

  const resize = (id: ColumnId, by: number) =>
    onChange({ widths: { ...widths, [id]: clampWidth((widths[id] ?? usualWidth(id)) + by) } })
  const move = (id: ColumnId, by: number) =>
    onChange({ order: moveColumn(order, id, order.indexOf(id) + by) })
  const toggle = (id: ColumnId) =>
    onChange(
      isFixed(id)
        ? { hidden: toggleColumn(hidden, id) }
        : { order: toggleMetric(order, metricIdOf(id) ?? 0) },
    )

  return (
    <>
      <ul aria-label="Columns" className="mt-[10px]">
        {labels.map(({ id, label }, index) => {
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
              <ColumnBox
                label={label}
                isShown={!isFixed(id) || !hidden.includes(id)}
                isLocked={id === ALWAYS_SHOWN}
                onToggle={() => toggle(id)}
              />
              <span className="flex items-center opacity-0 group-focus-within/column:opacity-100 group-hover/column:opacity-100 pointer-coarse:opacity-100">
                <SmallButton
                  label={`Make ${label} narrower`}
                  onClick={() => resize(id, -WIDTH_STEP)}
                >
                  <Minus size={13} />
                </SmallButton>
                <span className="w-[26px] text-center text-[12px] text-ink-faint tabular-nums">
                  <span className="sr-only">{label} is </span>
                  {widths[id] ?? usualWidth(id)}
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
      <MetricChooser
        metrics={metrics.data?.items ?? []}
        isLoading={metrics.isPending}
        order={order}
        onToggle={(metricId) => onChange({ order: toggleMetric(order, metricId) })}
      />
    </>
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
