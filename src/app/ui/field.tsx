import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

/** The frame of every text control: one look for inputs, text areas and selects. */
export const CONTROL =
  'w-full rounded-[6px] border border-line bg-surface text-[13px] text-ink placeholder:text-ink-faint hover:border-line-strong focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent disabled:opacity-60 aria-invalid:border-fail'

export type FieldProps = {
  label: string
  /** Keeps the label for screen readers only. */
  isLabelHidden?: boolean
  /** One line of help under the control. */
  hint?: ReactNode
  /** What is wrong with the value; replaces the hint. */
  error?: string | null
}

/** Ids that tie a control to its label, hint and error. Give the control `controlProps(id, props)`. */
export function controlProps(id: string, { hint, error }: Pick<FieldProps, 'hint' | 'error'>) {
  return {
    id,
    'aria-invalid': error ? true : undefined,
    'aria-describedby': error || hint ? `${id}-note` : undefined,
  }
}

/** Label above, control, then the error or else the hint. */
export function Field({
  id,
  label,
  isLabelHidden = false,
  hint,
  error,
  children,
}: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-[4px] text-[13px]">
      <label htmlFor={id} className={classNames('font-medium', isLabelHidden && 'sr-only')}>
        {label}
      </label>
      {children}
      {(error || hint) && (
        <p
          id={`${id}-note`}
          role={error ? 'alert' : undefined}
          className={classNames(
            'text-[12px] leading-[17px] wrap-anywhere whitespace-pre-line',
            error ? 'text-fail' : 'text-ink-faint',
          )}
        >
          {error || hint}
        </p>
      )}
    </div>
  )
}
