import { ChevronDown } from 'lucide-react'
import { type KeyboardEvent, useId } from 'react'
import { classNames } from './class-names.ts'
import { createDeferred } from './deferred.ts'
import { controlProps, Field } from './field.tsx'
import { SELECT_TRIGGER, type SelectProps } from './select-props.ts'
import { useDeferredPopup } from './use-deferred-popup.ts'

const parts = createDeferred(() => import('./select-parts.tsx'))

export function Select<Value extends string | number | null>(props: SelectProps<Value>) {
  const { label, isLabelHidden, hint, error, placeholder = 'Choose…' } = props
  const id = useId()
  const { module, triggerProps } = useDeferredPopup(parts, {})
  const all = { ...props, id, placeholder }
  return (
    <Field id={id} label={label} isLabelHidden={isLabelHidden} hint={hint} error={error}>
      {module ? <module.SelectList {...all} /> : <ClosedSelect {...all} {...triggerProps} />}
    </Field>
  )
}

type ClosedSelectProps<Value extends string | number | null> = SelectProps<Value> & {
  id: string
  onApproach: () => void
  onActivate: () => void
}

/** Stands in until the list is wanted: the same box, the same role. */
function ClosedSelect<Value extends string | number | null>(props: ClosedSelectProps<Value>) {
  const { id, options, value, placeholder, isDisabled, onApproach, onActivate } = props
  const chosen = options.find((option) => option.value === value)

  const handleKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    onActivate()
  }

  return (
    <button
      type="button"
      role="combobox"
      aria-haspopup="listbox"
      aria-expanded={false}
      {...controlProps(id, props)}
      disabled={isDisabled}
      onClick={onActivate}
      onKeyDown={handleKeyDown}
      onFocus={onApproach}
      onPointerEnter={onApproach}
      className={classNames(SELECT_TRIGGER, props.className)}
    >
      <span className={classNames('min-w-0 truncate', !chosen && 'text-ink-faint')}>
        {chosen?.label ?? placeholder}
      </span>
      <ChevronDown size={14} className="shrink-0 text-ink-faint" />
    </button>
  )
}
