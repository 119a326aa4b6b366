import { ChevronDown } from 'lucide-react'
import { type KeyboardEvent, useId } from 'react'
import { classNames } from './class-names.ts'
import { type ComboboxProps, findOption } from './combobox-props.ts'
import { createDeferred } from './deferred.ts'
import { controlProps, Field } from './field.tsx'
import { SELECT_TRIGGER } from './select-props.ts'
import { useDeferredPopup } from './use-deferred-popup.ts'

const parts = createDeferred(() => import('./combobox-parts.tsx'))

/** One of many options in groups, found by typing. For a handful of options use `Select`. */
export function Combobox(props: ComboboxProps) {
  const { label, isLabelHidden, hint, error, placeholder = 'Choose…' } = props
  const id = useId()
  const { module, triggerProps } = useDeferredPopup(parts, {})
  const all = { ...props, id, placeholder }
  return (
    <Field id={id} label={label} isLabelHidden={isLabelHidden} hint={hint} error={error}>
      {module ? <module.ComboboxList {...all} /> : <ClosedCombobox {...all} {...triggerProps} />}
    </Field>
  )
}

type ClosedComboboxProps = ComboboxProps & {
  id: string
  onApproach: () => void
  onActivate: () => void
}

/** Stands in until the list is wanted: the same box, the same role. */
function ClosedCombobox(props: ClosedComboboxProps) {
  const { id, groups, value, placeholder, isDisabled, onApproach, onActivate } = props

  const handleKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    onActivate()
  }

  return (
    <button
      type="button"
      role="combobox"
      aria-haspopup="dialog"
      aria-expanded={false}
      {...controlProps(id, props)}
      disabled={isDisabled}
      onClick={onActivate}
      onKeyDown={handleKeyDown}
      onFocus={onApproach}
      onPointerEnter={onApproach}
      className={classNames(SELECT_TRIGGER, props.size === 'small' && 'h-[26px]!', props.className)}
    >
      <span className={classNames('min-w-0 truncate', value === null && 'text-ink-faint')}>
        {findOption(groups, value)?.label ?? value ?? placeholder}
      </span>
      <ChevronDown size={14} className="shrink-0 text-ink-faint" />
    </button>
  )
}
