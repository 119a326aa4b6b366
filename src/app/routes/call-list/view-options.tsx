import { Settings2 } from 'lucide-react'
import { type CallListQuery, CallSortKey, NEWEST_FIRST } from '#contract/call.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Popover } from '../../ui/popover.tsx'
import { Select } from '../../ui/select.tsx'
import { ColumnChooser } from './column-chooser.tsx'
import { areDefault, type ColumnPreferences, Density } from './column-preferences.ts'
import { COLUMN_LABEL } from './columns.tsx'
import { useIsNarrow } from './use-is-narrow.ts'

type ViewOptionsProps = {
  query: CallListQuery
  onSort: (sort: string) => void
  preferences: ColumnPreferences
  onChange: (changes: Partial<ColumnPreferences>) => void
  onReset: () => void
}

/** How the list looks: density and columns; on narrow screens, which have no headers, its order. */
export function ViewOptions(props: ViewOptionsProps) {
  const isNarrow = useIsNarrow()
  return (
    <Popover
      align="end"
      title={isNarrow ? 'Order' : 'View'}
      trigger={
        <IconButton label={isNarrow ? 'Order' : 'Columns and density'} variant="quiet">
          <Settings2 size={15} />
        </IconButton>
      }
    >
      {isNarrow ? <OrderChoice {...props} /> : <TableChoices {...props} />}
    </Popover>
  )
}

const TWO_WAYS: Partial<Record<CallSortKey, { value: string; label: string }[]>> = {
  startedAt: [
    { value: '-startedAt', label: 'Newest first' },
    { value: 'startedAt', label: 'Oldest first' },
  ],
  durationSeconds: [
    { value: '-durationSeconds', label: 'Longest first' },
    { value: 'durationSeconds', label: 'Shortest first' },
  ],
}

const ORDERS = CallSortKey.options.flatMap((key) => {
  return TWO_WAYS[key] ?? [{ value: key, label: COLUMN_LABEL[key] }]
})

function OrderChoice({ query, onSort }: ViewOptionsProps) {
  return (
    <Select
      label="Order"
      isLabelHidden
      className="min-w-[200px]"
      options={ORDERS}
      value={query.sort ?? NEWEST_FIRST}
      onChange={onSort}
    />
  )
}

const DENSITY_LABEL: Record<Density, string> = { comfortable: 'Comfortable', compact: 'Compact' }

function TableChoices({ preferences, onChange, onReset }: ViewOptionsProps) {
  return (
    <div className="w-[300px]">
      <fieldset className="flex rounded-[6px] bg-sunken p-[2px]">
        <legend className="sr-only">Row height</legend>
        {Density.options.map((density) => (
          <label
            key={density}
            className={classNames(
              'flex h-[26px] flex-1 cursor-pointer items-center justify-center rounded-[5px] has-focus-visible:outline-2 has-focus-visible:outline-accent',
              density === preferences.density
                ? 'bg-surface font-medium text-ink shadow-[0_0_0_1px_var(--line)]'
                : 'text-ink-soft hover:text-ink',
            )}
          >
            <input
              type="radio"
              name="density"
              className="sr-only"
              checked={density === preferences.density}
              onChange={() => onChange({ density })}
            />
            {DENSITY_LABEL[density]}
          </label>
        ))}
      </fieldset>
      <ColumnChooser preferences={preferences} onChange={onChange} />
      <div className="mt-[8px] flex justify-end border-t border-line pt-[8px]">
        <Button size="small" variant="quiet" disabled={areDefault(preferences)} onClick={onReset}>
          Reset view
        </Button>
      </div>
    </div>
  )
}
