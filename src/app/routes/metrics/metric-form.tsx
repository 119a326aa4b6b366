import type { ReactNode } from 'react'
import { MetricCategory, type MetricContent, type MetricDirection } from '#contract/metric.ts'
import type { EvalType } from '#contract/metric-result.ts'
import { plainText } from '../../results/plain-text.ts'
import { MultiSuggest } from '../../ui/multi-suggest.tsx'
import { NumberField } from '../../ui/number-field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TextArea, TextField } from '../../ui/text-field.tsx'
import { AgentsField } from './agents-field.tsx'
import { ConfigurationFields } from './configuration-fields.tsx'
import { type DraftField, isWritten, MAX_METRIC_NAME, type MetricDraft } from './metric-draft.ts'
import { directionLabel, KIND_LABEL, TYPE_LABEL, typeText } from './metric-words.ts'
import { SamplingSwitch } from './sampling-switch.tsx'
import { ScriptHelp } from './script-help.tsx'
import { SourceField } from './source-field.tsx'
import { TriggerFields } from './trigger-fields.tsx'

const WRITTEN_KINDS = [
  { value: 'llm_judge', label: 'A judge reads the call' },
  { value: 'custom_code', label: 'JavaScript looks at it' },
] as const

const TYPES = (Object.entries(TYPE_LABEL) as [EvalType, string][]).map(([value, label]) => ({
  value,
  label,
}))

const CATEGORIES = [
  { value: null, label: 'None' },
  ...MetricCategory.options.map((value) => ({ value, label: value })),
]

const DIRECTIONS: readonly MetricDirection[] = ['higher', 'lower', 'neutral']

export type MetricFormProps = {
  draft: MetricDraft
  onChange: (draft: MetricDraft) => void
  isNew: boolean
  /** Shown once a person tried to save. */
  faults: Partial<Record<DraftField, string>>
  /** Other metrics whose results a prompt can name. */
  metricNames: readonly string[]
  /** Of the catalogue entry that this metric came from. */
  defaults: MetricContent['configuration']
  /** The fields around the editors are locked by the fieldset that they stand in. */
  isReadOnly: boolean
}

/** Everything that a person may set on a metric. */
export function MetricForm(props: MetricFormProps) {
  const { draft, onChange, isNew, faults, metricNames, defaults, isReadOnly } = props
  const { content } = draft
  const set = (changes: Partial<MetricDraft>) => onChange({ ...draft, ...changes })
  const setContent = (changes: Partial<MetricContent>) =>
    onChange({ ...draft, content: { ...content, ...changes } })
  const canWriteContent = isWritten(content)
  // The judge is asked for a predefined one in a form of its own, which has its type.
  const canChooseType = canWriteContent && content.functionName === null

  return (
    <div className="flex flex-col gap-[22px]">
      <Part title="Metric">
        <TextField
          label="Name"
          maxLength={MAX_METRIC_NAME}
          value={draft.name}
          onChange={(name) => set({ name })}
          error={faults.name}
        />
        {isNew && canChooseType ? (
          <div>
            <Segmented
              label="Made by"
              options={WRITTEN_KINDS}
              value={content.kind === 'custom_code' ? 'custom_code' : 'llm_judge'}
              onChange={(kind) => setContent({ kind })}
            />
          </div>
        ) : (
          <p className="text-ink-soft">
            Made by: <span className="text-ink">{KIND_LABEL[content.kind]}</span>
            {!canChooseType && ` · ${typeText(content)}`}
          </p>
        )}
        <div className="grid grid-cols-2 gap-[12px] max-sm:grid-cols-1">
          {canChooseType && (
            <Select
              label="Answers with"
              options={TYPES}
              value={content.evalType}
              onChange={(evalType) => setContent({ evalType })}
              hint={isNew ? undefined : 'Results so far keep the type they have.'}
            />
          )}
          <Select
            label="What is good"
            options={DIRECTIONS.map((value) => ({
              value,
              label: directionLabel(value, content.evalType),
            }))}
            value={draft.direction}
            onChange={(direction) => set({ direction })}
            isDisabled={content.evalType === 'enum'}
          />
          <Select
            label="Category"
            options={CATEGORIES}
            value={draft.category}
            onChange={(category) => set({ category })}
          />
        </div>
        {(canChooseType || (canWriteContent && content.evalType === 'enum')) && (
          <ScaleFields content={content} onChange={setContent} faults={faults} />
        )}
      </Part>

      {content.kind === 'llm_judge' && (
        <Part title="Question">
          <SourceField
            isReadOnly={isReadOnly}
            kind="prompt"
            label="Prompt"
            value={content.prompt}
            onChange={(prompt) => setContent({ prompt })}
            error={faults.prompt}
            metricNames={metricNames}
            hint="The transcript always goes along. {{ completes variables of the call."
          />
          {(content.priorityPrompt !== '' ||
            content.functionName === 'check_critical_deviations') && (
            <SourceField
              isReadOnly={isReadOnly}
              kind="prompt"
              label="How critical a category is"
              value={content.priorityPrompt}
              onChange={(priorityPrompt) => setContent({ priorityPrompt })}
              hint="How the judge finds the priority of a new category of deviations."
            />
          )}
        </Part>
      )}
      {content.kind === 'custom_code' && (
        <Part title="Script">
          <SourceField
            isReadOnly={isReadOnly}
            kind="script"
            label="JavaScript"
            value={content.code}
            onChange={(code) => setContent({ code })}
            error={faults.code}
          />
          <ScriptHelp />
        </Part>
      )}
      {content.kind === 'computed' && content.prompt !== '' && (
        <p className="leading-[20px] text-ink-soft">{plainText(content.prompt)}</p>
      )}
      {content.kind === 'custom_code' && (
        <TextArea
          label="Description"
          rows={2}
          value={content.prompt}
          onChange={(prompt) => setContent({ prompt })}
          hint="For people; the script does not see it."
        />
      )}
      <ConfigurationFields
        own={content.configuration}
        defaults={defaults}
        onChange={(configuration) => setContent({ configuration })}
      />

      {content.kind !== 'recorded' && (
        <Part title="Which calls">
          <AgentsField agentIds={draft.agentIds} onChange={(agentIds) => set({ agentIds })} />
          {canWriteContent && (
            <TriggerFields
              isReadOnly={isReadOnly}
              trigger={content.trigger}
              onChange={(trigger) => setContent({ trigger })}
              error={faults.trigger}
            />
          )}
          {content.kind !== 'computed' && (
            <SamplingSwitch
              isSampled={draft.isSampled}
              onChange={(isSampled) => set({ isSampled })}
            />
          )}
          <Switch
            label="On"
            description="Off: new calls are not judged by it. Results stay."
            isChecked={draft.isEnabled}
            onChange={(isEnabled) => set({ isEnabled })}
          />
        </Part>
      )}
    </div>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-[12px]">
      <h2 className="text-[13px] font-semibold">{title}</h2>
      {children}
    </section>
  )
}

type ScaleFieldsProps = {
  content: MetricContent
  onChange: (changes: Partial<MetricContent>) => void
  faults: MetricFormProps['faults']
}

/** Unit, range or labels: what the type needs. */
function ScaleFields({ content, onChange, faults }: ScaleFieldsProps) {
  const { evalType, unit, range, enumValues } = content
  if (evalType === 'enum') {
    return (
      <MultiSuggest
        label="Labels"
        values={enumValues}
        onChange={(labels) => onChange({ enumValues: labels })}
        suggestions={undefined}
        isLoading={false}
        onQuery={() => undefined}
        placeholder="Type a label, then Enter"
        hint={content.functionName === null ? undefined : 'Empty: those of the agent.'}
        error={faults.enumValues}
      />
    )
  }
  if (evalType === 'numeric') {
    return (
      <div className="grid grid-cols-2 gap-[12px] max-sm:grid-cols-1">
        <TextField
          label="Unit"
          maxLength={40}
          value={unit}
          onChange={(text) => onChange({ unit: text })}
          hint="Such as ms, %, or words per minute; may be empty."
        />
      </div>
    )
  }
  if (evalType === 'binary') return null
  const { min, max } = range ?? { min: 0, max: 5 }
  return (
    <div className="grid grid-cols-2 gap-[12px]">
      <NumberField
        label="Lowest"
        value={min}
        onChange={(value) => value !== null && onChange({ range: { min: value, max } })}
      />
      <NumberField
        label="Highest"
        value={max}
        onChange={(value) => value !== null && onChange({ range: { min, max: value } })}
        error={faults.range}
      />
    </div>
  )
}
