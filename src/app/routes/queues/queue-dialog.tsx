import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useNavigate } from 'react-router'
import type { CallSelection } from '#contract/call.ts'
import { MAX_QUEUE_CALLS } from '#contract/review-queue.ts'
import { callQueries } from '../../api/calls.ts'
import { toFormErrors } from '../../api/field-errors.ts'
import { useCreateQueue } from '../../api/queues.ts'
import { countOf } from '../../format/count.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FormError } from '../../ui/form-error.tsx'
import { NumberField } from '../../ui/number-field.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TextField } from '../../ui/text-field.tsx'

type QueueDialogProps = {
  /** The calls to review: those that match now. */
  selection: CallSelection
  onClose: () => void
}

const FIELD_OF = {
  name: 'name',
  reason: 'reason',
  assignee: 'assignee',
  sampleCount: 'sampleCount',
  controlCount: 'controlCount',
} as const

/** Makes a queue of the calls that match, and starts it. */
export function QueueDialog({ selection, onClose }: QueueDialogProps) {
  const formId = useId()
  const navigate = useNavigate()
  const create = useCreateQueue()
  const count = useQuery(callQueries.count(selection)).data?.count
  const [name, setName] = useState('')
  const [reason, setReason] = useState('')
  const [assignee, setAssignee] = useState('')
  const [sampleCount, setSampleCount] = useState<number | null>(null)
  const [controlCount, setControlCount] = useState<number | null>(null)
  const [isBlind, setBlind] = useState(false)
  const [isTried, setTried] = useState(false)
  const { fields, general } = toFormErrors(create.error, FIELD_OF)
  const nameFault = name.trim() === '' ? 'Give the queue a name.' : undefined

  /** What the server said of the old values says nothing of new ones. */
  const changing =
    <Value,>(set: (value: Value) => void) =>
    (value: Value) => {
      if (create.isError) create.reset()
      set(value)
    }
  const handleSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setTried(true)
    // A number that cannot be read says so at its field, and does not pass for an empty one.
    const faulty = event.currentTarget.querySelector<HTMLElement>('[aria-invalid="true"]')
    faulty?.focus()
    if (faulty || nameFault) return
    create.mutate(
      { name, reason, assignee, isBlind, sampleCount, controlCount: controlCount ?? 0, selection },
      { onSuccess: (queue) => void navigate(`/queues/${queue.id}`) },
    )
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Review these as a queue"
      description={`${count === undefined ? 'Calls' : countOf(count, 'call')} match now. Later ones do not come into the queue.`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            form={formId}
            isBusy={create.isPending}
            disabled={count === 0}
          >
            Start the queue
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={handleSubmit} className="flex flex-col gap-[14px]">
        <FormError
          message={count === 0 ? 'No call matches, so there is nothing to review.' : general}
        />
        <TextField
          label="Name"
          value={name}
          onChange={changing(setName)}
          maxLength={120}
          error={fields.name ?? (isTried ? nameFault : undefined)}
        />
        <TextField
          label="Reason"
          value={reason}
          onChange={changing(setReason)}
          maxLength={500}
          placeholder="The filter in words"
          hint="Shown with each call."
          error={fields.reason}
        />
        <div className="grid grid-cols-2 gap-[12px] max-sm:grid-cols-1">
          <NumberField
            label="Random sample"
            value={sampleCount}
            onChange={changing(setSampleCount)}
            min={1}
            max={MAX_QUEUE_CALLS}
            isWhole
            placeholder="All"
            hint={`Empty for all, at most ${MAX_QUEUE_CALLS}.`}
            error={fields.sampleCount}
          />
          <NumberField
            label="Control sample"
            value={controlCount}
            onChange={changing(setControlCount)}
            min={0}
            max={500}
            isWhole
            placeholder="0"
            hint="Random calls that do not match, mixed in unmarked: they show what the filter misses."
            error={fields.controlCount}
          />
        </div>
        <TextField
          label="Only for"
          value={assignee}
          onChange={changing(setAssignee)}
          maxLength={100}
          placeholder="Everyone"
          hint="The name of a reviewer, as the key or session has it."
          error={fields.assignee}
        />
        <Switch
          label="Blind"
          description="Hides what the judge said of a call until the reviewer has decided."
          isChecked={isBlind}
          onChange={setBlind}
        />
      </form>
    </Dialog>
  )
}
