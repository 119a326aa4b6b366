import { Check, ChevronDown } from 'lucide-react'
import type { FilterScalar } from '#contract/filter.ts'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Popover } from '../../ui/popover.tsx'

export type ValueOption = { value: FilterScalar; label: string }

type ValueMenuProps = {
  /** What it filters by: "Status". */
  name: string
  options: readonly ValueOption[]
  chosen: readonly FilterScalar[]
  onChange: (values: FilterScalar[]) => void
}

/** A quick filter by one or more values of a field. */
export function ValueMenu({ name, options, chosen, onChange }: ValueMenuProps) {
  const toggle = (value: FilterScalar) =>
    onChange(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value])
  return (
    <Popover
      trigger={
        <Button
          variant="quiet"
          size="small"
          className={classNames(
            'pr-[6px]! pl-[8px]!',
            chosen.length > 0 && 'bg-accent-soft! text-accent!',
          )}
        >
          {name}
          {chosen.length > 0 && (
            <>
              <span className="sr-only">, chosen: </span>
              <span className="tabular-nums">{chosen.length}</span>
            </>
          )}
          <ChevronDown size={13} aria-hidden="true" className="opacity-70" />
        </Button>
      }
    >
      <fieldset className="-m-[8px] max-h-[320px] min-w-[170px] overflow-y-auto">
        <legend className="px-[8px] pt-[2px] pb-[4px] text-[12px] text-ink-faint">{name}</legend>
        {options.map(({ value, label }) => (
          <label
            key={String(value)}
            className="flex min-h-[28px] cursor-pointer items-center gap-[8px] rounded-[5px] px-[8px] text-[13px] hover:bg-ink/8"
          >
            <input
              type="checkbox"
              className="peer sr-only"
              checked={chosen.includes(value)}
              onChange={() => toggle(value)}
            />
            <span
              aria-hidden="true"
              className="flex size-[15px] shrink-0 items-center justify-center rounded-[4px] border border-line-strong text-transparent peer-checked:border-accent peer-checked:bg-accent peer-checked:text-accent-ink peer-focus-visible:outline-2 peer-focus-visible:outline-offset-1 peer-focus-visible:outline-accent"
            >
              <Check size={11} strokeWidth={3} />
            </span>
            <span className="truncate">{label}</span>
          </label>
        ))}
        {options.length === 0 && <p className="px-[8px] py-[4px] text-ink-faint">None yet</p>}
      </fieldset>
    </Popover>
  )
}
