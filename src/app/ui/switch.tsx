import { Switch as Base } from '@base-ui/react/switch'
import { type ReactNode, useId } from 'react'
import { classNames } from './class-names.ts'

export type SwitchProps = {
  label: ReactNode
  description?: ReactNode
  isChecked: boolean
  onChange: (isChecked: boolean) => void
  isDisabled?: boolean
  /** Beside the text at the start (default), or pushed to the end of the line. */
  position?: 'start' | 'end'
}

/** Takes effect at once; for something that waits for "Save", use a checkbox. */
export function Switch(props: SwitchProps) {
  const { label, description, isChecked, onChange, isDisabled, position = 'start' } = props
  const id = useId()
  return (
    <div
      className={classNames(
        'flex items-start gap-[10px] text-[13px]',
        position === 'end' && 'flex-row-reverse justify-between',
      )}
    >
      <Base.Root
        id={id}
        checked={isChecked}
        onCheckedChange={onChange}
        disabled={isDisabled}
        aria-describedby={description ? `${id}-description` : undefined}
        className="relative mt-[1px] flex h-[18px] w-[32px] shrink-0 rounded-full bg-line-strong p-[2px] transition-colors duration-100 before:absolute before:-inset-x-[2px] before:-inset-y-[4px] before:content-[''] data-checked:bg-accent data-disabled:opacity-50"
      >
        <Base.Thumb className="size-[14px] rounded-full bg-surface transition-transform duration-100 data-checked:translate-x-[14px]" />
      </Base.Root>
      <div className="min-w-0">
        <label htmlFor={id} className="block leading-[20px]">
          {label}
        </label>
        {description && (
          <p id={`${id}-description`} className="leading-[18px] text-ink-faint">
            {description}
          </p>
        )}
      </div>
    </div>
  )
}
