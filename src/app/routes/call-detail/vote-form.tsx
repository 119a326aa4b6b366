import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import type { Metric } from '#contract/metric.ts'
import type { Verdict } from '#contract/metric-result.ts'
import { type ExpectedValue, MAX_NOTE_LENGTH, type MetricVote } from '#contract/review.ts'
import { Button } from '../../ui/button.tsx'
import { NumberField } from '../../ui/number-field.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { type ExpectedQuestion, expectedQuestion, firstExpected } from './expected-value.ts'

export type VoteFormProps = {
  verdict: Verdict
  metric: Metric | null
  own: MetricVote | null
  onSave: (vote: { expectedValue: ExpectedValue | null; note: string }) => void
  onClose: () => void
}

const FIRST_CONTROL = 'input[type="radio"]:checked, input:not([type="radio"]), [role="combobox"]'

/** What a result should have been, and why. Takes the focus; Enter saves, Escape closes. */
export function VoteForm({ verdict, metric, own, onSave, onClose }: VoteFormProps) {
  const form = useRef<HTMLFormElement>(null)
  const [expected, setExpected] = useState(() => firstExpected(verdict, own))
  const [note, setNote] = useState(own?.agrees === false ? own.note : '')
  useEffect(() => {
    const control =
      form.current?.querySelector<HTMLElement>(FIRST_CONTROL) ??
      form.current?.querySelector<HTMLElement>('input')
    control?.focus()
  }, [])

  const handleSubmit = (event: FormEvent) => {
    event.preventDefault()
    // A number that cannot be read says so at its field, and is not lost by saving another.
    if (form.current?.querySelector('[aria-invalid="true"]')) return
    onSave({ expectedValue: expected, note: note.trim() })
  }
  const handleKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    event.preventDefault()
    onClose()
  }
  return (
    <form
      ref={form}
      aria-label={`Disagree with ${verdict.name}`}
      onSubmit={handleSubmit}
      onKeyDown={handleKeyDown}
      className="flex flex-col gap-[8px] rounded-[6px] border border-line bg-sunken p-[10px]"
    >
      <ExpectedField
        question={expectedQuestion(verdict, metric)}
        value={expected}
        onChange={setExpected}
      />
      <TextField
        label="Note"
        maxLength={MAX_NOTE_LENGTH}
        spellCheck
        placeholder="Why (optional)"
        value={note}
        onChange={setNote}
      />
      <div className="flex gap-[6px]">
        <Button type="submit" size="small" variant="primary">
          Save
        </Button>
        <Button size="small" variant="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

type ExpectedFieldProps = {
  question: ExpectedQuestion
  value: ExpectedValue | null
  onChange: (value: ExpectedValue | null) => void
}

const EXPECTED = 'Should have been'

/** Of `ExpectedValue`. */
const MAX_LABEL_LENGTH = 200

function ExpectedField({ question, value, onChange }: ExpectedFieldProps) {
  switch (question.kind) {
    case 'yes-no':
      return <YesNo value={value} onChange={onChange} />
    case 'number': {
      const { kind: _, ...range } = question
      return (
        <NumberField
          label={EXPECTED}
          {...range}
          value={typeof value === 'number' ? value : null}
          onChange={onChange}
        />
      )
    }
    case 'label':
      return (
        <Select<string | null>
          label={EXPECTED}
          options={question.labels.map((label) => ({ value: label, label }))}
          value={typeof value === 'string' ? value : null}
          onChange={onChange}
        />
      )
    case 'any-label':
      return (
        <TextField
          label={EXPECTED}
          maxLength={MAX_LABEL_LENGTH}
          value={typeof value === 'string' ? value : ''}
          onChange={(text) => onChange(text || null)}
        />
      )
    default:
      return question satisfies never
  }
}

const ANSWERS = [
  { answer: true, label: 'Yes' },
  { answer: false, label: 'No' },
]

function YesNo({ value, onChange }: Omit<ExpectedFieldProps, 'question'>) {
  const name = useId()
  return (
    <fieldset>
      <legend className="mb-[2px] font-medium">{EXPECTED}</legend>
      <div className="flex gap-[16px]">
        {ANSWERS.map(({ answer, label }) => (
          <label key={label} className="flex min-h-[24px] items-center gap-[6px]">
            <input
              type="radio"
              name={name}
              checked={value === answer}
              onChange={() => onChange(answer)}
              className="size-[15px] accent-accent"
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
