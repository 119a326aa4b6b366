import { Search, X } from 'lucide-react'
import { type ComponentProps, type ReactNode, useId, useRef } from 'react'
import { classNames } from './class-names.ts'
import { CONTROL, controlProps, Field, type FieldProps } from './field.tsx'
import { Kbd } from './kbd.tsx'

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

export type SearchFieldProps = TextValue &
  Native<'input'> & {
    label: string
    /** The key that focuses it, shown while it is empty. */
    shortcut?: string
    /** Drawn at the end, such as a spinner. */
    trailing?: ReactNode
  }

/** A search box with its label hidden, a clear button, and Escape to clear. */
export function SearchField(props: SearchFieldProps) {
  const { label, value, onChange, shortcut, trailing, className, ref, ...rest } = props
  const own = useRef<HTMLInputElement>(null)
  const clear = () => {
    onChange('')
    own.current?.focus()
  }
  return (
    <div className={classNames('relative', className)}>
      <Search
        size={14}
        aria-hidden="true"
        className="pointer-events-none absolute top-[8px] left-[9px] text-ink-faint"
      />
      <input
        autoComplete="off"
        {...rest}
        ref={(node) => {
          own.current = node
          if (typeof ref === 'function') return ref(node)
          if (ref) ref.current = node
        }}
        type="search"
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          rest.onKeyDown?.(event)
          if (event.key === 'Escape' && value) clear()
        }}
        className={classNames(
          CONTROL,
          'h-[30px] pr-[34px] pl-[29px] [&::-webkit-search-cancel-button]:hidden',
        )}
      />
      <div className="absolute top-[3px] right-[3px] flex h-[24px] items-center">
        {trailing}
        {value ? (
          <button
            type="button"
            aria-label="Clear search"
            onClick={clear}
            className="flex size-[24px] items-center justify-center rounded-[4px] text-ink-faint hover:text-ink"
          >
            <X size={14} />
          </button>
        ) : (
          shortcut && (
            <span className="pr-[4px]">
              <Kbd keys={shortcut} />
            </span>
          )
        )}
      </div>
    </div>
  )
}
