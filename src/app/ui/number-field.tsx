import { type KeyboardEvent, useId } from 'react'
import { formatNumberText, parseNumberText } from '../format/number-text.ts'
import { classNames } from './class-names.ts'
import { CONTROL, controlProps, Field, type FieldProps } from './field.tsx'
import { outOfRange, stepNumber } from './number-range.ts'
import { type Parsed, useDraft } from './use-draft.ts'

export type NumberFieldProps = FieldProps & {
  /** Null is an empty field. */
  value: number | null
  onChange: (value: number | null) => void
  /** Shown after the number, and allowed when typed: `ms`, `%`. */
  unit?: string
  min?: number
  max?: number
  /** What an arrow key adds; 10 times that with shift. Other numbers between are allowed. */
  step?: number
  isWhole?: boolean
  placeholder?: string
  size?: 'small' | 'medium'
  isDisabled?: boolean
  className?: string
}

/** A number with its unit; may be empty. What is no number stays, with a message, and is not passed on. */
export function NumberField(props: NumberFieldProps) {
  const { label, isLabelHidden, hint, value, onChange, unit, min, max, step = 1 } = props
  const id = useId()
  const draft = useDraft<number | null>({
    value,
    format: (number) => (number === null ? '' : formatNumberText(number)),
    parse: (text) => parseNumber(text, props),
    onChange,
  })
  const error = draft.error ?? props.error

  const handleKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') return draft.check()
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    event.preventDefault()
    const size = event.shiftKey ? step * 10 : step
    draft.replace(stepNumber({ value, by: event.key === 'ArrowUp' ? size : -size, min, max }))
  }

  return (
    <Field id={id} label={label} isLabelHidden={isLabelHidden} hint={hint} error={error}>
      <div className={classNames('relative', props.className)}>
        <input
          type="text"
          inputMode={min !== undefined && min >= 0 ? 'decimal' : undefined}
          role="spinbutton"
          autoComplete="off"
          aria-valuenow={value ?? undefined}
          aria-valuetext={value === null ? 'empty' : `${draft.text} ${unit ?? ''}`.trim()}
          aria-valuemin={min}
          aria-valuemax={max}
          {...controlProps(id, { hint, error })}
          disabled={props.isDisabled}
          placeholder={props.placeholder}
          value={draft.text}
          onChange={(event) => draft.write(event.target.value)}
          onBlur={draft.check}
          onKeyDown={handleKeyDown}
          className={classNames(
            CONTROL,
            'pl-[9px] tabular-nums',
            props.size === 'small' ? 'h-[26px]' : 'h-[30px]',
            unitPadding(unit),
          )}
        />
        {unit && (
          <span
            aria-hidden="true"
            className="pointer-events-none absolute inset-y-0 right-[9px] flex items-center text-[12px] text-ink-faint"
          >
            {unit}
          </span>
        )}
      </div>
    </Field>
  )
}

function unitPadding(unit = ''): string {
  if (unit === '') return 'pr-[9px]'
  return unit.length <= 3 ? 'pr-[38px]' : 'pr-[72px]'
}

function parseNumber(
  text: string,
  { unit, min, max, isWhole }: NumberFieldProps,
): Parsed<number | null> {
  if (text.trim() === '') return { ok: true, value: null }
  const value = parseNumberText(text, unit)
  if (value === null) return { ok: false, message: `“${text.trim()}” is not a number.` }
  if (isWhole && !Number.isInteger(value)) return { ok: false, message: 'Use a whole number.' }
  const message = outOfRange({ value, min, max, format: (end) => `${end} ${unit ?? ''}`.trim() })
  return message ? { ok: false, message } : { ok: true, value }
}
