import { Density } from '#contract/view.ts'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { areDefault, type ColumnPreferences } from '../../view-state/column-preferences.ts'
import { ColumnChooser } from './column-chooser.tsx'

export type ViewPanelProps = {
  preferences: ColumnPreferences
  onChange: (changes: Partial<ColumnPreferences>) => void
  onReset: () => void
}

const DENSITY_LABEL: Record<Density, string> = { comfortable: 'Comfortable', compact: 'Compact' }

/** Density and columns of the table. */
export function ViewPanel({ preferences, onChange, onReset }: ViewPanelProps) {
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
