import type { MetricContent } from '#contract/metric.ts'
import { MultiSuggest } from '../../ui/multi-suggest.tsx'
import { NumberField } from '../../ui/number-field.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { type ConfigurationField, configurationFields } from './configuration.ts'

type Configuration = MetricContent['configuration']

type ConfigurationFieldsProps = {
  own: Configuration
  defaults: Configuration
  onChange: (configuration: Configuration) => void
}

/** The keys that a metric has, each with the control that fits it. Nothing where it has none. */
export function ConfigurationFields({ own, defaults, onChange }: ConfigurationFieldsProps) {
  const fields = configurationFields({ own, defaults })
  if (fields.length === 0) return null
  return (
    <section aria-label="Configuration" className="flex flex-col gap-[12px]">
      <h2 className="text-[13px] font-semibold">Configuration</h2>
      {fields.map((field) => (
        <Control
          key={field.key}
          field={field}
          onChange={(value) => onChange({ ...own, [field.key]: value })}
        />
      ))}
    </section>
  )
}

type ControlProps = {
  field: ConfigurationField
  onChange: (value: Configuration[string]) => void
}

function Control({ field, onChange }: ControlProps) {
  switch (field.kind) {
    case 'number':
      return (
        <NumberField
          label={field.label}
          unit={field.unit}
          min={0}
          value={field.value}
          onChange={(value) => value !== null && onChange(value)}
          className="max-w-[180px]"
        />
      )
    case 'boolean':
      return <Switch label={field.label} isChecked={field.value} onChange={onChange} />
    case 'text':
      return <TextField label={field.label} value={field.value} onChange={onChange} />
    case 'list':
      return (
        <MultiSuggest
          label={field.label}
          values={field.value}
          onChange={onChange}
          suggestions={undefined}
          isLoading={false}
          onQuery={() => undefined}
        />
      )
    case 'other':
      return (
        <p className="wrap-anywhere text-ink-soft">
          {field.label}:{' '}
          <code className="font-mono text-[12px]">{JSON.stringify(field.value)}</code>
        </p>
      )
    default:
      return field satisfies never
  }
}
