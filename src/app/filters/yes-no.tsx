import { useId } from 'react'
import type { FacetValue } from '#contract/facet.ts'
import { formatCount } from '../format/count.ts'
import { classNames } from '../ui/class-names.ts'
import type { RuleValue } from './edit-tree.ts'

type YesNoProps = {
  value: RuleValue | undefined
  onChange: (value: boolean) => void
  /** How many calls have either; undefined: not known yet. */
  counts: readonly FacetValue[] | undefined
  /** It is about to be used. */
  onApproach: () => void
}

const CHOICES = [
  { value: true, label: 'yes' },
  { value: false, label: 'no' },
] as const

/** Both answers in view, either one press away. */
export function YesNo({ value, onChange, counts, onApproach }: YesNoProps) {
  const id = useId()
  return (
    <div className="flex min-w-0 items-center gap-[8px]">
      <fieldset
        aria-describedby={counts && id}
        onFocus={onApproach}
        onPointerEnter={onApproach}
        className="inline-flex shrink-0 rounded-[6px] border border-line bg-sunken p-[1px]"
      >
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
      {/* Beside the buttons, which must not move under the pointer. */}
      {counts && (
        <span id={id} className="min-w-0 truncate text-[12px] text-ink-faint tabular-nums">
          {CHOICES.map(({ value: one, label }) => `${countOf(counts, one)} ${label}`).join(' · ')}
        </span>
      )}
    </div>
  )
}

function countOf(counts: readonly FacetValue[], value: boolean): string {
  return formatCount(counts.find((one) => one.value === value)?.count ?? 0)
}
