import { GROUP_OPERATORS, type GroupOperator } from '#contract/filter.ts'
import { classNames } from '../ui/class-names.ts'

export const OPERATOR_TEXT: Record<GroupOperator, { label: string; help: string }> = {
  and: { label: 'All', help: 'of these hold' },
  or: { label: 'Any', help: 'of these holds' },
  not: { label: 'None', help: 'of these holds' },
  same_row: { label: 'Same result', help: 'all hold for one metric result' },
}

type OperatorSwitchProps = { value: GroupOperator; onChange: (value: GroupOperator) => void }

/** How the nodes of a group belong together. */
export function OperatorSwitch({ value, onChange }: OperatorSwitchProps) {
  return (
    <fieldset className="inline-flex rounded-[6px] border border-line bg-sunken p-[1px]">
      <legend className="sr-only">How many of these must hold</legend>
      {GROUP_OPERATORS.map((operator) => (
        <button
          key={operator}
          type="button"
          aria-pressed={operator === value}
          onClick={() => onChange(operator)}
          className={classNames(
            'h-[24px] rounded-[5px] border px-[8px] text-[12px] whitespace-nowrap',
            operator === value
              ? 'border-line bg-raised font-medium text-ink'
              : 'border-transparent text-ink-soft hover:text-ink',
          )}
        >
          {OPERATOR_TEXT[operator].label}
        </button>
      ))}
    </fieldset>
  )
}
