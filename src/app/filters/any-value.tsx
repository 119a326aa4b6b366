import type { FilterOp } from '#contract/filter.ts'
import { NumberField } from '../ui/number-field.tsx'
import { Select } from '../ui/select.tsx'
import type { RuleValue } from './edit-tree.ts'
import { TextValue } from './text-value.tsx'
import type { ValueProps } from './value-props.ts'

type ValueType = 'text' | 'number' | 'true' | 'false' | 'null'

const LABEL: Record<ValueType, string> = {
  text: 'text',
  number: 'number',
  true: 'true',
  false: 'false',
  null: 'null',
}

/** A value of a field that can hold anything: its type, then the value. */
export function AnyValue(props: ValueProps) {
  const { rule, onChange } = props
  const type = typeOf(rule.value)
  const options = typesOf(rule.op).map((value) => ({ value, label: LABEL[value] }))
  return (
    <div className="flex min-w-0 items-start gap-[4px]">
      <div className="w-[84px] shrink-0">
        <Select
          label="Type of the value"
          isLabelHidden
          className="h-[26px]!"
          options={options}
          value={type}
          onChange={(next) => onChange(withType(rule.value, next))}
        />
      </div>
      <div className="min-w-[90px] flex-1">
        {type === 'text' && <TextValue {...props} />}
        {type === 'number' && (
          <NumberField
            label="Value"
            isLabelHidden
            size="small"
            value={typeof rule.value === 'number' ? rule.value : null}
            // A number that is being typed anew stays a number.
            onChange={(number) => onChange(number ?? Number.NaN)}
          />
        )}
      </div>
    </div>
  )
}

function typesOf(op: FilterOp): ValueType[] {
  return op === 'eq' || op === 'neq'
    ? ['text', 'number', 'true', 'false', 'null']
    : ['text', 'number']
}

function typeOf(value: RuleValue | undefined): ValueType {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  return typeof value === 'number' ? 'number' : 'text'
}

/** `NaN` is a number that is not there yet: it keeps the type and is no finished value. */
function withType(value: RuleValue | undefined, type: ValueType): RuleValue | undefined {
  switch (type) {
    case 'null':
      return null
    case 'true':
      return true
    case 'false':
      return false
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
      return typeof value === 'number' ? value : number
    }
    case 'text':
      return typeof value === 'number' && !Number.isNaN(value) ? String(value) : undefined
    default:
      return type satisfies never
  }
}
