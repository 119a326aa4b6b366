import { type FormEvent, type ReactNode, useId, useState } from 'react'
import type { Metric, MetricContent } from '#contract/metric.ts'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { FormError } from '../../ui/form-error.tsx'
import { draftFaults, isNewContent, type MetricDraft } from './metric-draft.ts'
import { MetricForm } from './metric-form.tsx'
import { TryPanel } from './try-panel.tsx'

export type MetricEditorProps = {
  /** Null: a new metric. */
  metric: Metric | null
  /** What was last saved, or what a new metric starts from. */
  base: MetricDraft
  draft: MetricDraft
  onChange: (draft: MetricDraft) => void
  onSave: () => void
  isSaving: boolean
  isDirty: boolean
  error: Error | null
  metricNames: readonly string[]
  defaults: MetricContent['configuration']
  canWrite: boolean
  /** Beside the save button: what else is decided with it. */
  choices?: ReactNode
}

/** A metric being written, and beside it what it would say of calls. */
export function MetricEditor(props: MetricEditorProps) {
  const { metric, base, draft, onChange, onSave, isSaving, isDirty, error, canWrite } = props
  const formId = useId()
  const [isChecked, setChecked] = useState(false)
  const faults = draftFaults(draft)
  const hasFaults = Object.keys(faults).length > 0

  const handleSubmit = (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (!hasFaults) onSave()
  }

  return (
    <div
      className={classNames(
        'grid max-xl:grid-cols-1',
        canWrite && 'grid-cols-[minmax(0,1fr)_minmax(340px,44%)] xl:min-h-[calc(100dvh-87px)]',
      )}
    >
      <form
        id={formId}
        onSubmit={handleSubmit}
        className={classNames(
          'flex min-w-0 flex-col',
          canWrite ? 'border-line xl:border-r' : 'max-w-[860px]',
        )}
      >
        <fieldset disabled={!canWrite} className="min-w-0 flex-1 p-[20px] max-md:p-[14px]">
          <legend className="sr-only">Definition</legend>
          <MetricForm
            draft={draft}
            onChange={onChange}
            isNew={metric === null}
            faults={isChecked ? faults : {}}
            metricNames={props.metricNames}
            defaults={props.defaults}
            isReadOnly={!canWrite}
          />
        </fieldset>
        {canWrite && (
          <div className="sticky bottom-0 z-5 flex flex-col gap-[8px] border-t border-line bg-canvas px-[20px] py-[10px] max-md:px-[14px]">
            <FormError message={error?.message ?? null} />
            {isChecked && hasFaults && (
              <p role="alert" className="text-fail">
                {Object.values(faults).join(' ')}
              </p>
            )}
            <div className="flex flex-wrap items-center gap-[8px]">
              <span className="mr-auto min-w-0 text-ink-soft">
                {savingText({ metric, base, draft, isDirty })}
              </span>
              {props.choices}
              {metric && isDirty && <Button onClick={() => onChange(base)}>Discard changes</Button>}
              <Button
                variant="primary"
                type="submit"
                isBusy={isSaving}
                disabled={metric !== null && !isDirty}
              >
                {metric ? 'Save' : 'Save metric'}
              </Button>
            </div>
          </div>
        )}
      </form>
      {canWrite && (
        <aside
          aria-label="Try it"
          className="min-w-0 p-[20px] xl:sticky xl:top-[50px] xl:max-h-[calc(100dvh-50px)] xl:self-start xl:overflow-y-auto max-xl:border-t max-xl:border-line max-md:p-[14px]"
        >
          <TryPanel metricId={metric?.id ?? null} draft={draft} fault={tryFault(draft)} />
        </aside>
      )}
    </div>
  )
}

type Saving = Pick<MetricEditorProps, 'metric' | 'base' | 'draft' | 'isDirty'>

function savingText({ metric, base, draft, isDirty }: Saving): string {
  if (metric === null) return 'Saving makes version 1.'
  if (!isDirty)
    return metric.version === 0
      ? 'Nothing is changed.'
      : `Version ${metric.version}, nothing is changed.`
  if (isNewContent(base, draft)) return `Saving makes version ${metric.version + 1}.`
  return `Saving keeps version ${metric.version}: no result changes by it.`
}

/** A trial needs no name; everything else it does. */
function tryFault(draft: MetricDraft): string | null {
  if (draft.content.kind === 'recorded')
    return 'Its results came with the calls: there is nothing to try.'
  const { name: _name, ...faults } = draftFaults(draft)
  return Object.values(faults)[0] ?? null
}
