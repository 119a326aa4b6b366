import { Check } from 'lucide-react'
import { classNames } from '../../ui/class-names.ts'

type ColumnBoxProps = {
  label: string
  isShown: boolean
  /** It stays as it is. */
  isLocked?: boolean
  onToggle: () => void
}

/** A column's name with the box that shows it. */
export function ColumnBox({ label, isShown, isLocked, onToggle }: ColumnBoxProps) {
  return (
    <label className="flex h-full min-h-[26px] min-w-0 flex-1 cursor-pointer items-center gap-[7px]">
      <input
        type="checkbox"
        checked={isShown}
        disabled={isLocked}
        onChange={onToggle}
        className="peer sr-only"
      />
      <span
        aria-hidden="true"
        className="flex size-[15px] shrink-0 items-center justify-center rounded-[4px] border border-line-strong text-transparent peer-checked:border-accent peer-checked:bg-accent peer-checked:text-accent-ink peer-focus-visible:outline-2 peer-focus-visible:outline-offset-1 peer-focus-visible:outline-accent peer-disabled:opacity-50"
      >
        <Check size={11} strokeWidth={3} />
      </span>
      <span title={label} className={classNames('truncate', !isShown && 'text-ink-faint')}>
        {label}
      </span>
    </label>
  )
}
