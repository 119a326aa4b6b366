import { useId, useRef } from 'react'
import { countOf } from '../format/count.ts'
import { classNames } from './class-names.ts'
import { CONTROL, controlProps, Field, type FieldProps } from './field.tsx'
import { Spinner } from './spinner.tsx'
import { type Suggestion, SuggestionList } from './suggestion-list.tsx'
import { useSuggestions } from './use-suggestions.ts'

export type SuggestFieldProps = FieldProps & {
  value: string
  onChange: (value: string) => void
  /** For the text of the last `onQuery`, best first; undefined while there are none yet. */
  suggestions: readonly Suggestion[] | undefined
  isLoading: boolean
  /** On focus and on each change, undelayed: waiting for a pause is the caller's business. */
  onQuery: (text: string) => void
  placeholder?: string
  size?: 'small' | 'medium'
  isMonospace?: boolean
  isDisabled?: boolean
  className?: string
}

/** Any text, with suggestions that arrive while one types. */
export function SuggestField(props: SuggestFieldProps) {
  const { label, isLabelHidden, hint, error, value, onChange, isLoading, onQuery } = props
  const suggestions = props.suggestions ?? []
  const id = useId()
  const listId = `${id}-list`
  const input = useRef<HTMLInputElement>(null)
  const list = useSuggestions({
    listId,
    suggestions,
    isLoading,
    onPick: (suggestion) => {
      onChange(suggestion.value)
      onQuery(suggestion.value)
    },
  })

  const handleChange = (text: string) => {
    onChange(text)
    onQuery(text)
    list.activate(-1)
    list.open()
  }

  return (
    <Field id={id} label={label} isLabelHidden={isLabelHidden} hint={hint} error={error}>
      <div className={classNames('relative', props.className)}>
        <input
          ref={input}
          type="text"
          autoComplete="off"
          spellCheck={false}
          {...controlProps(id, props)}
          {...list.comboboxProps}
          disabled={props.isDisabled}
          placeholder={props.placeholder}
          value={value}
          onChange={(event) => handleChange(event.target.value)}
          onFocus={() => onQuery(value)}
          onClick={list.open}
          onBlur={list.close}
          onKeyDown={list.handleKey}
          className={classNames(
            CONTROL,
            'pr-[28px] pl-[9px]',
            props.size === 'small' ? 'h-[26px]' : 'h-[30px]',
            props.isMonospace && 'font-mono',
          )}
        />
        {isLoading && (
          <span className="pointer-events-none absolute inset-y-0 right-[9px] flex items-center text-ink-faint">
            <Spinner />
          </span>
        )}
        {list.isOpen && (
          <SuggestionList
            id={listId}
            label={`Suggestions: ${label}`}
            anchor={input}
            suggestions={suggestions}
            isLoading={isLoading}
            activeIndex={list.activeIndex}
            onActivate={list.activate}
            onPick={list.pick}
          />
        )}
        <span role="status" className="sr-only">
          {list.isOpen && suggestions.length > 0 && countOf(suggestions.length, 'suggestion')}
        </span>
      </div>
    </Field>
  )
}
