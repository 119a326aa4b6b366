import { useState } from 'react'
import type { DuplicatePolicy, Project, ProjectChange } from '#contract/project.ts'
import { useChangeProject, useProject } from '../../api/project.ts'
import { LoadError } from '../../ui/load-error.tsx'
import { NumberField, type NumberFieldProps } from '../../ui/number-field.tsx'
import { Select } from '../../ui/select.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Switch } from '../../ui/switch.tsx'
import { showToast } from '../../ui/toast.tsx'
import { Section } from './section.tsx'
import type { SettingsAccess } from './settings-page.tsx'

const POLICIES: { value: DuplicatePolicy; label: string; description: string }[] = [
  {
    value: 'update',
    label: 'Update the call',
    description: 'The new content counts; the earlier payload stays in the history',
  },
  { value: 'reject', label: 'Refuse it', description: 'Answered with 409, nothing is stored' },
  { value: 'allow', label: 'Store a second call', description: 'Two calls share one call id' },
]

/** What the server does with calls that come in. Every change counts at once. */
export function ProjectSection({ access }: { access: SettingsAccess }) {
  const { data: project, error, refetch } = useProject()
  return (
    <Section title="Incoming calls">
      {!project && !error && <Skeleton className="h-[30px] w-[280px]" />}
      {!project && error && (
        <LoadError title="The settings could not be loaded" error={error} onRetry={refetch} />
      )}
      {project && <ProjectSettings project={project} canChange={access?.canAdminister ?? false} />}
    </Section>
  )
}

function ProjectSettings({ project, canChange }: { project: Project; canChange: boolean }) {
  const changeProject = useChangeProject()
  const change = (part: ProjectChange) =>
    changeProject.mutate(part, {
      onSuccess: () => showToast({ title: 'Saved' }),
      onError: (error) =>
        showToast({ title: 'Not saved', description: error.message, tone: 'fail' }),
    })

  return (
    <div className="flex flex-col gap-[18px]">
      <div className="max-w-[400px]">
        <Select
          label="When a call id comes a second time"
          options={POLICIES}
          value={project.duplicatePolicy}
          onChange={(duplicatePolicy) => change({ duplicatePolicy })}
          isDisabled={!canChange}
          hint={POLICIES.find(({ value }) => value === project.duplicatePolicy)?.description}
        />
      </div>
      <Switch
        label="Accept calls with neither transcript nor recording"
        description="They are listed with their metadata and cannot be evaluated."
        isChecked={project.acceptsMetadataOnly}
        onChange={(acceptsMetadataOnly) => change({ acceptsMetadataOnly })}
        isDisabled={!canChange}
      />
      <NumberSetting
        label="Sample rate"
        unit="%"
        min={0}
        max={100}
        value={toPercent(project.sampleRate)}
        onSave={(percent) => change({ sampleRate: percent / 100 })}
        isDisabled={!canChange}
        hint="Metrics that are sampled judge this share of the new calls, exactly: at 30 %, three of ten. The others judge every call. Reruns judge all of theirs."
      />
      <NumberSetting
        label="Response budget"
        unit="s"
        min={0.1}
        max={60}
        step={0.1}
        value={project.responseBudgetSeconds}
        onSave={(responseBudgetSeconds) => change({ responseBudgetSeconds })}
        isDisabled={!canChange}
        hint="A reply of the agent is slow once it takes longer: the dashed line under the waveform, and what the key g goes to. Results of metrics stay as they are."
      />
    </div>
  )
}

type NumberSettingProps = Pick<
  NumberFieldProps,
  'label' | 'unit' | 'min' | 'max' | 'step' | 'hint' | 'isDisabled'
> & {
  value: number
  onSave: (value: number) => void
}

/** Saved once the field is left or Enter is pressed: each key would be a change of its own. */
function NumberSetting({ value, onSave, ...field }: NumberSettingProps) {
  const [typed, setTyped] = useState<number | null>(value)
  const save = () => {
    if (typed === null || typed === value) return setTyped(value)
    onSave(typed)
  }
  return (
    <form
      className="max-w-[400px]"
      onBlur={save}
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <NumberField {...field} value={typed} onChange={setTyped} className="w-[110px]" />
    </form>
  )
}

/** Without the dust of binary fractions: 0.07 is 7 %. */
function toPercent(rate: number): number {
  return Math.round(rate * 10_000) / 100
}
