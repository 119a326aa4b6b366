import { Checkbox as Base } from '@base-ui/react/checkbox'
import { Check } from 'lucide-react'
import { type ReactNode, useId } from 'react'

export type CheckboxProps = {
  label: ReactNode
  isChecked: boolean
  onChange: (isChecked: boolean) => void
  isDisabled?: boolean
}

/** A choice in a form that takes effect on saving. */
export function Checkbox({ label, isChecked, onChange, isDisabled }: CheckboxProps) {
  const id = useId()
  return (
    <div className="flex min-h-[24px] items-center gap-[8px] text-[13px]">
      <Base.Root
        id={id}
        checked={isChecked}
        onCheckedChange={onChange}
        disabled={isDisabled}
        className="relative flex size-[16px] shrink-0 items-center justify-center rounded-[4px] border border-line-strong before:absolute before:-inset-[5px] before:content-[''] data-checked:border-accent data-checked:bg-accent data-disabled:opacity-50"
      >
        <Base.Indicator className="text-accent-ink">
          <Check size={12} strokeWidth={3} />
        </Base.Indicator>
      </Base.Root>
      <label htmlFor={id}>{label}</label>
    </div>
  )
}
