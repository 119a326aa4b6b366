import { type ComponentProps, useId } from 'react'
import { classNames } from './class-names.ts'
import { CONTROL, controlProps, Field, type FieldProps } from './field.tsx'

type Native<Tag extends 'input' | 'textarea'> = Omit<
  ComponentProps<Tag>,
  'id' | 'value' | 'onChange' | 'aria-label'
>

type TextValue = { value: string; onChange: (value: string) => void }

export type TextFieldProps = FieldProps & TextValue & Native<'input'> & { isMonospace?: boolean }

export function TextField(props: TextFieldProps) {
  const { label, isLabelHidden, hint, error, onChange, isMonospace, className, ...rest } = props
  const id = useId()
  return (
    <Field id={id} label={label} isLabelHidden={isLabelHidden} hint={hint} error={error}>
      <input
        type="text"
        autoComplete="off"
        {...rest}
        {...controlProps(id, { hint, error })}
        onChange={(event) => onChange(event.target.value)}
        className={classNames(CONTROL, 'h-[30px] px-[9px]', isMonospace && 'font-mono', className)}
      />
    </Field>
  )
}

export type TextAreaProps = FieldProps & TextValue & Native<'textarea'> & { isMonospace?: boolean }

export function TextArea(props: TextAreaProps) {
  const { label, isLabelHidden, hint, error, onChange, isMonospace, className, ...rest } = props
  const id = useId()
  return (
    <Field id={id} label={label} isLabelHidden={isLabelHidden} hint={hint} error={error}>
      <textarea
        rows={4}
        spellCheck={false}
        {...rest}
        {...controlProps(id, { hint, error })}
        onChange={(event) => onChange(event.target.value)}
        className={classNames(
          CONTROL,
          'resize-y px-[9px] py-[6px] leading-[19px]',
          isMonospace && 'font-mono text-[12px]',
          className,
        )}
      />
    </Field>
  )
}
