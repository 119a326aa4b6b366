import { type KeyboardEvent, useId, useRef } from 'react'
import {
  atDayEdge,
  type DayEdge,
  formatDateTimeText,
  parseDateTimeText,
} from '../format/date-time-text.ts'
import { CalendarPopover } from './calendar-popover.tsx'
import { classNames } from './class-names.ts'
import { CONTROL, controlProps, Field, type FieldProps } from './field.tsx'
import { SuggestionList } from './suggestion-list.tsx'
import { type Parsed, useDraft } from './use-draft.ts'
import { useSuggestions } from './use-suggestions.ts'

export type DateOption = {
  /** Given to `onChange` as it is. */
  value: string
  /** Shown, and understood when typed: "7 days ago". */
  label: string
}

export type DateTimeFieldProps = FieldProps & {
  /** ISO 8601 in UTC, the value of one of `options`, or null for an empty field. */
  value: string | null
  onChange: (value: string | null) => void
  /** Days that are not in the calendar, such as relative ones: a list under the field. */
  options?: readonly DateOption[]
  hasTime?: boolean
  /** Which end of the day a date without a time stands for. Default `start`. */
  dayEdge?: DayEdge
  /** The first and last day allowed, ISO 8601. */
  min?: string
  max?: string
  placeholder?: string
  size?: 'small' | 'medium'
  isDisabled?: boolean
  className?: string
}

/** A day, with a time where wanted, typed or taken from a calendar; in the viewer's time zone. */
export function DateTimeField(props: DateTimeFieldProps) {
  const { label, isLabelHidden, hint, value, onChange, options = [], isDisabled } = props
  const { hasTime = false, dayEdge = 'start', size = 'medium' } = props
  const id = useId()
  const listId = `${id}-list`
  const input = useRef<HTMLInputElement>(null)
  const draft = useDraft<string | null>({
    value,
    format: (date) => (date === null ? '' : toText(date, { options, dayEdge })),
    parse: (text) => parseDate(text, { ...props, options, dayEdge }),
    onChange,
  })
  const error = draft.error ?? props.error
  const list = useSuggestions({
    listId,
    suggestions: matchOptions(options, draft.text),
    isLoading: false,
    onPick: (option) => draft.replace(option.value),
  })
  const isOption = options.some((option) => option.value === value)

  const handleKeyDown = (event: KeyboardEvent) => {
    if (!list.handleKey(event) && event.key === 'Enter') draft.check()
  }
  const handleBlur = () => {
    list.close()
    draft.check()
  }

  return (
    <Field id={id} label={label} isLabelHidden={isLabelHidden} hint={hint} error={error}>
      <div className={classNames('relative', props.className)}>
        <input
          ref={input}
          type="text"
          autoComplete="off"
          spellCheck={false}
          {...controlProps(id, { hint, error })}
          {...(options.length > 0 && list.comboboxProps)}
          disabled={isDisabled}
          placeholder={props.placeholder ?? (hasTime ? 'YYYY-MM-DD HH:MM' : 'YYYY-MM-DD')}
          value={draft.text}
          onChange={(event) => {
            draft.write(event.target.value)
            list.activate(-1)
            list.open()
          }}
          onClick={list.open}
          onBlur={handleBlur}
          onKeyDown={handleKeyDown}
          className={classNames(
            CONTROL,
            'pr-[34px] pl-[9px] tabular-nums',
            size === 'small' ? 'h-[26px]' : 'h-[30px]',
          )}
        />
        <div
          className={classNames(
            'absolute right-[3px]',
            size === 'small' ? 'top-[1px]' : 'top-[3px]',
          )}
        >
          <CalendarPopover
            label={`Calendar: ${label}`}
            value={isOption ? null : value}
            onChange={draft.replace}
            hasTime={hasTime}
            dayEdge={dayEdge}
            min={props.min}
            max={props.max}
            size="small"
            isDisabled={isDisabled}
            className="size-[24px]!"
          />
        </div>
        {list.isOpen && (
          <SuggestionList
            id={listId}
            label={`Suggestions: ${label}`}
            anchor={input}
            suggestions={matchOptions(options, draft.text)}
            isLoading={false}
            activeIndex={list.activeIndex}
            onActivate={list.activate}
            onPick={list.pick}
          />
        )}
      </div>
    </Field>
  )
}

type Reading = { options: readonly DateOption[]; dayEdge: DayEdge }

function toText(value: string, { options, dayEdge }: Reading): string {
  const option = options.find((candidate) => candidate.value === value)
  return option?.label ?? formatDateTimeText(value, dayEdge)
}

function parseDate(
  text: string,
  { options, dayEdge, hasTime, min, max }: Reading & DateTimeFieldProps,
): Parsed<string | null> {
  const typed = text.trim()
  if (typed === '') return { ok: true, value: null }
  const option = options.find(({ label }) => label.toLowerCase() === typed.toLowerCase())
  if (option) return { ok: true, value: option.value }
  const value = parseDateTimeText(typed, dayEdge)
  if (value === null) {
    const example = hasTime ? '2026-11-02 or 2026-11-02 14:30' : '2026-11-02'
    return { ok: false, message: `“${typed}” is no date. Write it like ${example}.` }
  }
  if (min && new Date(value) < atDayEdge(new Date(min), 'start')) {
    return { ok: false, message: `The first day is ${toDayText(min)}.` }
  }
  if (max && new Date(value) > atDayEdge(new Date(max), 'end')) {
    return { ok: false, message: `The last day is ${toDayText(max)}.` }
  }
  return { ok: true, value }
}

function toDayText(iso: string): string {
  return formatDateTimeText(atDayEdge(new Date(iso), 'start').toISOString())
}

/** All of them while the text is a finished value: one opens the list to change it. */
function matchOptions(options: readonly DateOption[], text: string): readonly DateOption[] {
  const typed = text.trim().toLowerCase()
  const isFinished =
    parseDateTimeText(typed) !== null || options.some(({ label }) => label.toLowerCase() === typed)
  if (isFinished) return options
  return options.filter(({ label }) => label.toLowerCase().includes(typed))
}
