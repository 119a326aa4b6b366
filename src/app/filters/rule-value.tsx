import { useState } from 'react'
import { FILTER_LIMITS, type FilterScalar } from '#contract/filter.ts'
import { formatCount } from '../format/count.ts'
import { Combobox } from '../ui/combobox.tsx'
import { DurationField } from '../ui/duration-field.tsx'
import { MultiSuggest } from '../ui/multi-suggest.tsx'
import { NumberField } from '../ui/number-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import { AnyValue } from './any-value.tsx'
import { isList } from './fit-rule.ts'
import { TextValue } from './text-value.tsx'
import { TimeValue } from './time-value.tsx'
import { useFieldValues } from './use-field-values.ts'
import type { ValueProps } from './value-props.ts'
import {
  hasLabels,
  labelOfValue,
  listText,
  suggestionsFor,
  toListValue,
  toSuggestions,
  toText,
} from './value-text.ts'
import { YesNo } from './yes-no.tsx'

/** The editor of a rule's value: what it looks like follows from the field's kind and the operator. */
export function RuleValueEditor(props: ValueProps) {
  const { rule, field } = props
  if (rule.op === 'isnull') return null
  if (rule.op === 'in') return <ListValue {...props} />
  if (rule.op === 'regex') return <PatternValue {...props} />
  if (rule.op === 'contains' || rule.op === 'startswith' || rule.op === 'endswith') {
    return field.valueKind === 'words' ? <PlainText {...props} /> : <TextValue {...props} />
  }
  switch (field.valueKind) {
    case 'words':
      return <PlainText {...props} />
    case 'text':
      return <TextValue {...props} />
    case 'number':
      return hasNames(props) ? <ChoiceValue {...props} /> : <NumberValue {...props} />
    case 'boolean':
      return <BooleanValue {...props} />
    case 'time':
      return <TimeValue value={rule.value} op={rule.op} onChange={props.onChange} />
    case 'choice':
      return <ChoiceValue {...props} />
    case 'any':
      return <AnyValue {...props} />
    default:
      return field.valueKind satisfies never
  }
}

/** A number with a name, asked about as itself: not how it compares with others. */
function hasNames({ rule, field }: ValueProps): boolean {
  return field.choices !== undefined && (rule.op === 'eq' || rule.op === 'neq')
}

const LABEL = { label: 'Value', isLabelHidden: true, size: 'small' } as const

function PlainText({ rule, onChange }: ValueProps) {
  return (
    <TextField
      label="Value"
      isLabelHidden
      className="h-[26px]!"
      placeholder="Words that were said"
      maxLength={FILTER_LIMITS.textLength}
      value={toText(rule.value)}
      onChange={(text) => onChange(text === '' ? undefined : text)}
    />
  )
}

function PatternValue({ rule, onChange }: ValueProps) {
  return (
    <TextField
      label="Pattern"
      isLabelHidden
      isMonospace
      spellCheck={false}
      className="h-[26px]!"
      placeholder="^order-\d+"
      value={toText(rule.value)}
      onChange={(text) => onChange(text === '' ? undefined : text)}
    />
  )
}

export function NumberValue({ rule, field, onChange }: ValueProps) {
  const value = typeof rule.value === 'number' ? rule.value : null
  const handleChange = (next: number | null) => onChange(next ?? undefined)
  if (field.unit === 'seconds') {
    return <DurationField {...LABEL} valueSeconds={value} onChange={handleChange} />
  }
  if (field.unit === 'share') {
    return (
      <NumberField
        {...LABEL}
        unit="%"
        min={0}
        max={100}
        value={value === null ? null : toPercent(value)}
        onChange={(percent) => handleChange(percent === null ? null : percent / 100)}
      />
    )
  }
  const unit = field.unit === undefined ? field.unitText : NUMBER_UNIT[field.unit]
  return (
    <NumberField
      {...LABEL}
      {...(unit && { unit })}
      isWhole={field.unit === 'count' || field.unit === 'id'}
      value={value}
      onChange={handleChange}
    />
  )
}

const NUMBER_UNIT = {
  seconds: '',
  share: '%',
  'words-per-minute': 'words/min',
  count: '',
  confidence: '',
  id: '',
} as const

/** Without the dust of binary fractions: 0.07 is 7 %, not 7.000000000000001 %. */
function toPercent(share: number): number {
  return Number((share * 100).toPrecision(12))
}

function BooleanValue({ rule, field, onChange }: ValueProps) {
  const { values, ask } = useFieldValues({ field: field.name, nodeId: rule.id })
  return <YesNo value={rule.value} onChange={onChange} counts={values} onApproach={() => ask('')} />
}

function ChoiceValue({ rule, field, onChange }: ValueProps) {
  const { values, ask } = useFieldValues({ field: field.name, nodeId: rule.id })
  const countOf = (value: string) => values?.find((one) => String(one.value) === value)?.count
  const options = (field.choices ?? []).map(({ value, label }) => {
    const count = countOf(value)
    return { value, label, ...(count !== undefined && { hint: formatCount(count) }) }
  })
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices that the list is about to be wanted
    <div onFocus={() => ask('')} onPointerEnter={() => ask('')} className="min-w-0">
      <Combobox
        {...LABEL}
        groups={[{ label: field.label, options }]}
        value={toText(rule.value) || null}
        onChange={(text) => onChange(toListValue([text], field)?.[0])}
      />
    </div>
  )
}

function ListValue({ rule, field, onChange }: ValueProps) {
  const { values, isLoading, ask } = useFieldValues({ field: field.name, nodeId: rule.id })
  const [typed, setTyped] = useState('')
  // The server looks for the value itself; what has a label is looked for by that, here.
  const isLabelled = hasLabels(field)
  const list: readonly FilterScalar[] = isList(rule.value) ? rule.value : []
  return (
    <MultiSuggest
      {...LABEL}
      className="w-full"
      placeholder="One or more"
      values={list.map(listText)}
      onChange={(texts) => onChange(toListValue(texts, field))}
      suggestions={suggestionsFor(toSuggestions(values, field), isLabelled ? typed : '')}
      isLoading={isLoading}
      onQuery={(text) => {
        setTyped(text)
        ask(isLabelled ? '' : text)
      }}
      labelOf={(text) => labelOfValue(text, field)}
    />
  )
}
