import { classNames } from '../ui/class-names.ts'
import type { RuleValue } from './edit-tree.ts'

type YesNoProps = { value: RuleValue | undefined; onChange: (value: boolean) => void }

const CHOICES = [
  { value: true, label: 'yes' },
  { value: false, label: 'no' },
] as const

/** Both answers in view, either one press away. */
export function YesNo({ value, onChange }: YesNoProps) {
  return (
    <fieldset className="inline-flex rounded-[6px] border border-line bg-sunken p-[1px]">
      <legend className="sr-only">Value</legend>
      {CHOICES.map((choice) => (
        <button
          key={choice.label}
          type="button"
          aria-pressed={value === choice.value}
          onClick={() => onChange(choice.value)}
          className={classNames(
            'h-[24px] min-w-[40px] rounded-[5px] border px-[8px] text-[13px]',
            value === choice.value
              ? 'border-line bg-raised text-ink'
              : 'border-transparent text-ink-soft hover:text-ink',
          )}
        >
          {choice.label}
        </button>
      ))}
    </fieldset>
  )
}
