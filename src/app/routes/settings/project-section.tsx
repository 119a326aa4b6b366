import type { DuplicatePolicy, Project, ProjectChange } from '#contract/project.ts'
import { useChangeProject, useProject } from '../../api/project.ts'
import { LoadError } from '../../ui/load-error.tsx'
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
    </div>
  )
}
