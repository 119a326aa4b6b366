import { type KeyboardEvent, useId } from 'react'
import { formatDurationText, parseDurationText } from '../format/duration-text.ts'
import { classNames } from './class-names.ts'
import { CONTROL, controlProps, Field, type FieldProps } from './field.tsx'
import { outOfRange, stepNumber } from './number-range.ts'
import { type Parsed, useDraft } from './use-draft.ts'

export type DurationFieldProps = FieldProps & {
  /** Null is an empty field. */
  valueSeconds: number | null
  onChange: (valueSeconds: number | null) => void
  /** Default 0. */
  minSeconds?: number
  maxSeconds?: number
  /** What an arrow key adds; 10 times that with shift. */
  stepSeconds?: number
  placeholder?: string
  size?: 'small' | 'medium'
  isDisabled?: boolean
  className?: string
}

/** A length of time, written `1m 30s`; also takes `90`, `1:30` and `1.5m`. May be empty. */
export function DurationField(props: DurationFieldProps) {
  const { label, isLabelHidden, hint, valueSeconds, onChange } = props
  const { minSeconds = 0, maxSeconds, stepSeconds = 1 } = props
  const id = useId()
  const draft = useDraft<number | null>({
    value: valueSeconds,
    format: (seconds) => (seconds === null ? '' : formatDurationText(seconds)),
    parse: (text) => parseDuration(text, { minSeconds, maxSeconds }),
    onChange,
  })
  const error = draft.error ?? props.error

  const handleKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') return draft.check()
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    event.preventDefault()
    const size = (event.shiftKey ? 10 : 1) * (event.key === 'ArrowUp' ? stepSeconds : -stepSeconds)
    draft.replace(stepNumber({ value: valueSeconds, by: size, min: minSeconds, max: maxSeconds }))
  }

  return (
    <Field id={id} label={label} isLabelHidden={isLabelHidden} hint={hint} error={error}>
      <input
        type="text"
        autoComplete="off"
        spellCheck={false}
        {...controlProps(id, { hint, error })}
        disabled={props.isDisabled}
        placeholder={props.placeholder ?? '1m 30s'}
        value={draft.text}
        onChange={(event) => draft.write(event.target.value)}
        onBlur={draft.check}
        onKeyDown={handleKeyDown}
        className={classNames(
          CONTROL,
          'px-[9px] tabular-nums',
          props.size === 'small' ? 'h-[26px]' : 'h-[30px]',
          props.className,
        )}
      />
    </Field>
  )
}

function parseDuration(
  text: string,
  { minSeconds, maxSeconds }: Pick<DurationFieldProps, 'minSeconds' | 'maxSeconds'>,
): Parsed<number | null> {
  if (text.trim() === '') return { ok: true, value: null }
  const value = parseDurationText(text)
  if (value === null) {
    return {
      ok: false,
      message: `“${text.trim()}” is no length of time. Write 90, 1:30 or 1m 30s.`,
    }
  }
  const message = outOfRange({
    value,
    min: minSeconds,
    max: maxSeconds,
    format: formatDurationText,
  })
  return message ? { ok: false, message } : { ok: true, value }
}
