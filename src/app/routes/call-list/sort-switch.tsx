import { classNames } from '../../ui/class-names.ts'

type SortSwitchProps = { isBestFirst: boolean; onChange: (isBestFirst: boolean) => void }

const CHOICES = [
  { label: 'Newest', isBestFirst: false },
  { label: 'Best match', isBestFirst: true },
]

/** The order of what a search finds. */
export function SortSwitch({ isBestFirst, onChange }: SortSwitchProps) {
  return (
    <fieldset className="flex shrink-0 rounded-[6px] bg-sunken p-[2px]">
      <legend className="sr-only">Order of the matches</legend>
      {CHOICES.map((choice) => (
        <label
          key={choice.label}
          className={classNames(
            'flex h-[26px] cursor-pointer items-center rounded-[5px] px-[9px] text-[12px] whitespace-nowrap has-focus-visible:outline-2 has-focus-visible:outline-accent',
            choice.isBestFirst === isBestFirst
              ? 'bg-surface font-medium text-ink shadow-[0_0_0_1px_var(--line)]'
              : 'text-ink-soft hover:text-ink',
          )}
        >
          <input
            type="radio"
            name="order-of-matches"
            className="sr-only"
            checked={choice.isBestFirst === isBestFirst}
            onChange={() => onChange(choice.isBestFirst)}
          />
          {choice.label}
        </label>
      ))}
    </fieldset>
  )
}
