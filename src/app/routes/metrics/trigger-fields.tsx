import type { MetricTrigger } from '#contract/metric.ts'
import { Select } from '../../ui/select.tsx'
import { TRIGGER_LABEL } from './metric-words.ts'
import { SourceField } from './source-field.tsx'

type TriggerFieldsProps = {
  trigger: MetricTrigger
  onChange: (trigger: MetricTrigger) => void
  error: string | undefined
  isReadOnly: boolean
}

const TRIGGERS = (Object.entries(TRIGGER_LABEL) as [MetricTrigger['kind'], string][]).map(
  ([value, label]) => ({ value, label }),
)

/** When the metric applies; where it does not, it is skipped and the rubric passes over it. */
export function TriggerFields({ trigger, onChange, error, isReadOnly }: TriggerFieldsProps) {
  const choose = (kind: MetricTrigger['kind']) => {
    if (kind === trigger.kind) return
    if (kind === 'prompt') return onChange({ kind, prompt: '' })
    onChange(kind === 'code' ? { kind, code: '' } : { kind })
  }
  return (
    <>
      <Select label="Applies" options={TRIGGERS} value={trigger.kind} onChange={choose} />
      {trigger.kind === 'prompt' && (
        <SourceField
          isReadOnly={isReadOnly}
          kind="prompt"
          label="When it applies"
          value={trigger.prompt}
          onChange={(prompt) => onChange({ kind: 'prompt', prompt })}
          error={error}
          hint="Such as: the caller asked for a refund."
        />
      )}
      {trigger.kind === 'code' && (
        <SourceField
          isReadOnly={isReadOnly}
          kind="script"
          label="Script that decides"
          value={trigger.code}
          onChange={(code) => onChange({ kind: 'code', code })}
          error={error}
          hint="Sets _result to true where the metric applies; data holds the call, as for a metric’s script."
        />
      )}
    </>
  )
}
