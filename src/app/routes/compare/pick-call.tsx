import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { callSearchQuery } from '../../api/calls.ts'
import { useCallSuggestions } from '../../shell/use-call-suggestions.ts'
import { Button } from '../../ui/button.tsx'
import { FormError } from '../../ui/form-error.tsx'
import { SuggestField } from '../../ui/suggest-field.tsx'

export type PickCallProps = {
  label: string
  onPick: (id: number) => void
}

/** A call by the sender's ID, by its number here, or by words that find it alone. */
export function PickCall({ label, onPick }: PickCallProps) {
  const [text, setText] = useState('')
  const suggestions = useCallSuggestions()
  const client = useQueryClient()
  const find = useMutation({
    mutationFn: async (wanted: string) => {
      const calls = await client.fetchQuery(callSearchQuery(wanted))
      const named = calls.find(({ callId, id }) => callId === wanted || String(id) === wanted)
      const [only, ...others] = calls
      if (named) return named.id
      if (only === undefined) throw new Error(`No call is found by “${wanted}”.`)
      if (others.length > 0) throw new Error(`Several calls are found by “${wanted}”: choose one.`)
      return only.id
    },
    onSuccess: onPick,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    suggestions.stop()
    const wanted = text.trim()
    if (wanted !== '') find.mutate(wanted)
  }
  return (
    <form
      onSubmit={submit}
      className="flex flex-col gap-[8px] rounded-[7px] border border-line bg-surface p-[14px]"
    >
      <h2 className="font-semibold">{label}</h2>
      <div className="flex items-end gap-[6px]">
        <div className="min-w-0 flex-1">
          <SuggestField
            label="Call ID or number"
            isMonospace
            value={text}
            onChange={(next) => {
              setText(next.slice(0, 200))
              find.reset()
            }}
            {...suggestions.field}
          />
        </div>
        <Button
          type="submit"
          isBusy={find.isPending}
          aria-disabled={text.trim() === '' || undefined}
        >
          Choose
        </Button>
      </div>
      <FormError message={find.error?.message ?? null} />
    </form>
  )
}
