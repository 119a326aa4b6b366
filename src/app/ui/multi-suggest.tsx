import { X } from 'lucide-react'
import { type ClipboardEvent, type KeyboardEvent, useId, useRef, useState } from 'react'
import { countOf } from '../format/count.ts'
import { classNames } from './class-names.ts'
import { controlProps, Field, type FieldProps } from './field.tsx'
import { Spinner } from './spinner.tsx'
import { hasSeparator, splitValues } from './split-values.ts'
import { type Suggestion, SuggestionList } from './suggestion-list.tsx'
import { useSuggestions } from './use-suggestions.ts'

export type MultiSuggestProps = FieldProps & {
  /** In the order they were added; each once. */
  values: readonly string[]
  onChange: (values: string[]) => void
  /** For the text of the last `onQuery`, best first; undefined while there are none yet. */
  suggestions: readonly Suggestion[] | undefined
  isLoading: boolean
  /** On focus and on each change, undelayed: waiting for a pause is the caller's business. */
  onQuery: (text: string) => void
  /** What a chip says; default: the value. */
  labelOf?: (value: string) => string
  /** Why a text cannot be a value, in words; null if it can. It stays in the field, to be corrected. */
  faultOf?: (value: string) => string | null
  placeholder?: string
  size?: 'small' | 'medium'
  isDisabled?: boolean
  className?: string
}

/**
 * Several values as chips, any text allowed. Enter, a comma or leaving the field adds what is typed; a paste of several
 * lines adds them all; Backspace in the empty field removes the last; the left arrow walks into the chips.
 */
export function MultiSuggest(props: MultiSuggestProps) {
  const { label, isLabelHidden, hint, values, onChange, isLoading, onQuery, isDisabled } = props
  const [text, setText] = useState('')
  const [notice, setNotice] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  const labelOf = props.labelOf ?? String
  const suggestions = (props.suggestions ?? []).filter(({ value }) => !values.includes(value))
  const id = useId()
  const listId = `${id}-list`
  const frame = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLInputElement>(null)

  const write = (next: string) => {
    setText(next)
    onQuery(next)
  }
  const faultIn = (value: string) => props.faultOf?.(value) ?? null
  const add = (added: readonly string[]) => {
    const refused = added.filter((value) => faultIn(value) !== null)
    const fresh = added.filter((value) => !values.includes(value) && !refused.includes(value))
    write(refused.join(', '))
    setFault(refused[0] === undefined ? null : faultIn(refused[0]))
    setNotice(
      refused.length > 0 && fresh.length === 0 ? '' : explainAdding({ added, fresh, labelOf }),
    )
    // The message stands where the suggestions would lie.
    if (refused.length > 0) list.close()
    if (fresh.length > 0) onChange([...values, ...fresh])
  }
  const remove = (value: string) => {
    onChange(values.filter((other) => other !== value))
    setNotice(`${labelOf(value)} removed.`)
    input.current?.focus()
  }

  const list = useSuggestions({
    listId,
    suggestions,
    isLoading,
    onPick: ({ value }) => add([value]),
  })

  const handleChange = (next: string) => {
    if (hasSeparator(next)) return add(splitValues(next))
    write(next)
    setFault(null)
    setNotice('')
    list.activate(-1)
    list.open()
  }
  const handlePaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const pasted = event.clipboardData.getData('text')
    if (!hasSeparator(pasted.trim())) return
    // An input would silently turn the ends of lines into nothing.
    event.preventDefault()
    add([...splitValues(text), ...splitValues(pasted)])
  }
  const handleKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (list.handleKey(event) || event.nativeEvent.isComposing) return
    const { selectionStart, selectionEnd } = event.currentTarget
    const isAtStart = selectionStart === 0 && selectionEnd === 0
    if (event.key === 'Enter' && text.trim() !== '') {
      // Not yet the form's Enter.
      event.preventDefault()
      add(splitValues(text))
    }
    const last = values.at(-1)
    if (event.key === 'Backspace' && text === '' && last !== undefined) remove(last)
    if (event.key === 'ArrowLeft' && isAtStart) focusChip(frame.current, values.length - 1)
  }
  const handleBlur = () => {
    list.close()
    // Another window has the focus; the person comes back to the same text.
    if (!document.hasFocus()) return
    if (text.trim() !== '') add(splitValues(text))
  }

  const chips = { values, remove, frame, input, isDisabled, labelOf }
  const error = fault ?? props.error
  return (
    <Field id={id} label={label} isLabelHidden={isLabelHidden} hint={hint} error={error}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a press beside the text means the text, as in any field */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: with keys one is in the text already */}
      <div
        ref={frame}
        onClick={(event) => event.target === event.currentTarget && input.current?.focus()}
        className={classNames(
          'relative flex w-full cursor-text flex-wrap items-center gap-[3px] rounded-[6px] border bg-surface pr-[26px] pl-[2px] text-[13px]',
          'focus-within:border-accent has-[>input:focus]:outline-2 has-[>input:focus]:-outline-offset-1 has-[>input:focus]:outline-accent',
          error ? 'border-fail' : 'border-line hover:border-line-strong',
          props.size === 'small' ? 'min-h-[26px]' : 'min-h-[30px] py-[2px]',
          isDisabled && 'opacity-60',
          props.className,
        )}
      >
        <Chips {...chips} label={label} />
        <input
          ref={input}
          type="text"
          autoComplete="off"
          spellCheck={false}
          {...controlProps(id, { hint, error })}
          {...list.comboboxProps}
          aria-description="Enter adds a value, Backspace removes the last, the left arrow reaches them."
          disabled={isDisabled}
          placeholder={values.length === 0 ? props.placeholder : undefined}
          value={text}
          onChange={(event) => handleChange(event.target.value)}
          onFocus={() => onQuery(text)}
          onClick={list.open}
          onBlur={handleBlur}
          onKeyDown={handleKeyDown}
          onPaste={handlePaste}
          className="h-[24px] min-w-[80px] flex-1 bg-transparent pl-[6px] outline-none placeholder:text-ink-faint"
        />
        {isLoading && (
          <span className="pointer-events-none absolute top-[8px] right-[8px] text-ink-faint">
            <Spinner />
          </span>
        )}
        {list.isOpen && (
          <SuggestionList
            id={listId}
            label={`Suggestions: ${label}`}
            anchor={frame}
            suggestions={suggestions}
            isLoading={isLoading}
            activeIndex={list.activeIndex}
            onActivate={list.activate}
            onPick={list.pick}
          />
        )}
        <span role="status" className="sr-only">
          {notice ||
            (list.isOpen && suggestions.length > 0
              ? countOf(suggestions.length, 'suggestion')
              : '')}
        </span>
      </div>
    </Field>
  )
}

type ChipsProps = Pick<MultiSuggestProps, 'label' | 'values' | 'isDisabled'> & {
  labelOf: (value: string) => string
  remove: (value: string) => void
  frame: { current: HTMLElement | null }
  input: { current: HTMLElement | null }
}

function Chips({ label, values, labelOf, remove, isDisabled, frame, input }: ChipsProps) {
  const handleKeyDown = (event: KeyboardEvent, index: number) => {
    const value = values[index]
    if (event.key === 'ArrowLeft') focusChip(frame.current, Math.max(0, index - 1))
    else if (event.key === 'ArrowRight' && index < values.length - 1)
      focusChip(frame.current, index + 1)
    else if (event.key === 'ArrowRight' || event.key === 'Escape') input.current?.focus()
    else if ((event.key === 'Delete' || event.key === 'Backspace') && value !== undefined)
      remove(value)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  if (values.length === 0) return null
  return (
    <ul aria-label={`${label}: chosen`} className="contents">
      {values.map((value, index) => (
        <li
          key={value}
          className="flex h-[24px] max-w-full min-w-0 items-center rounded-[4px] bg-idle-soft pl-[7px]"
        >
          <span className="min-w-0 truncate">{labelOf(value)}</span>
          <button
            type="button"
            data-chip
            // One stop for the whole field: the arrows lead here.
            tabIndex={-1}
            aria-label={`Remove ${labelOf(value)}`}
            disabled={isDisabled}
            onClick={() => remove(value)}
            onKeyDown={(event) => handleKeyDown(event, index)}
            className="flex size-[24px] shrink-0 items-center justify-center rounded-[4px] text-ink-soft hover:text-ink focus-visible:-outline-offset-2"
          >
            <X size={12} />
          </button>
        </li>
      ))}
    </ul>
  )
}

function focusChip(frame: HTMLElement | null, index: number) {
  frame?.querySelectorAll<HTMLElement>('[data-chip]')[index]?.focus()
}

type Adding = {
  added: readonly string[]
  fresh: readonly string[]
  labelOf: (value: string) => string
}

function explainAdding({ added, fresh, labelOf }: Adding): string {
  const [first, ...others] = fresh
  const [known] = added
  if (first !== undefined && others.length === 0) return `${labelOf(first)} added.`
  if (first === undefined && known !== undefined && added.length === 1)
    return `${labelOf(known)} is there already.`
  return `${countOf(fresh.length, 'value')} added.`
}
