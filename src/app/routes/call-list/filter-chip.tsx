import { ChevronDown, X } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuRadioGroup } from '../../ui/menu.tsx'

export type FilterOption = { value: string; label: string }

type FilterChipProps = {
  /** What it filters by: "Status". */
  name: string
  options: readonly FilterOption[]
  value: string | undefined
  onChange: (value: string | undefined) => void
}

/** A quick filter: a plain button while it asks for nothing, a removable chip once it does. */
export function FilterChip({ name, options, value, onChange }: FilterChipProps) {
  const choice = options.find((option) => option.value === value)
  const choices = (
    <MenuRadioGroup label={name} options={options} value={value ?? ''} onChange={onChange} />
  )
  if (value === undefined) {
    return (
      <Menu
        trigger={
          <Button variant="quiet" className="pr-[7px] pl-[9px]">
            {name}
            <ChevronDown size={13} aria-hidden="true" className="text-ink-faint" />
          </Button>
        }
      >
        {choices}
      </Menu>
    )
  }
  return (
    <span className="inline-flex h-[30px] max-w-[240px] shrink-0 items-center rounded-[6px] bg-accent-soft text-[13px] text-accent">
      <Menu
        trigger={
          <button
            type="button"
            className="flex h-full min-w-0 items-center rounded-[6px] pl-[9px] font-medium"
          >
            <span className="sr-only">{name} is </span>
            <span className="truncate">{choice?.label ?? value}</span>
          </button>
        }
      >
        {choices}
      </Menu>
      <button
        type="button"
        aria-label={`Remove the ${name.toLowerCase()} filter`}
        onClick={() => onChange(undefined)}
        className="ml-[2px] flex h-full w-[26px] items-center justify-center rounded-[6px] hover:bg-accent/12"
      >
        <X size={13} />
      </button>
    </span>
  )
}
