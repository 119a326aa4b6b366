import { lazy, Suspense, useId } from 'react'
import { findUnknownVariables } from '#contract/metric-variables.ts'
import { Skeleton } from '../../ui/skeleton.tsx'

const SourceEditor = lazy(async () => ({
  default: (await import('./source-editor.tsx')).SourceEditor,
}))

export type SourceFieldProps = {
  kind: 'prompt' | 'script'
  label: string
  value: string
  onChange: (value: string) => void
  hint?: string
  error?: string | undefined
  isReadOnly?: boolean
  metricNames?: readonly string[]
}

const NONE: readonly string[] = []

/** A prompt or a script with its label, what is wrong with it, and the variables in it that name nothing. */
export function SourceField(props: SourceFieldProps) {
  const { kind, label, value, onChange, hint, error, isReadOnly = false } = props
  const metricNames = props.metricNames ?? NONE
  const id = useId()
  const noteId = `${id}-note`
  const unknown = kind === 'prompt' ? findUnknownVariables(value, metricNames) : NONE
  return (
    <div className="flex min-w-0 flex-col gap-[4px]">
      {/* The editor is no form control: it carries the label's words itself. */}
      <span aria-hidden="true" className="font-medium">
        {label}
      </span>
      <Suspense fallback={<Skeleton className="h-[158px] w-full" />}>
        <SourceEditor
          kind={kind}
          label={label}
          describedBy={noteId}
          text={value}
          onChange={onChange}
          isReadOnly={isReadOnly}
          metricNames={metricNames}
        />
      </Suspense>
      <div id={noteId} className="flex flex-col gap-[2px] text-[12px] leading-[17px]">
        {error && (
          <p role="alert" className="text-fail">
            {error}
          </p>
        )}
        {unknown.length > 0 && (
          <p className="wrap-anywhere text-warn">
            {unknown.length === 1 ? 'Unknown variable' : 'Unknown variables'}:{' '}
            {unknown.map((name) => `{{${name}}}`).join(', ')}. They are filled with nothing.
          </p>
        )}
        {hint && !error && <p className="text-ink-faint">{hint}</p>}
      </div>
    </div>
  )
}
