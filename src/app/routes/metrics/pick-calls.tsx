import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { CallSelection, CallSummary } from '#contract/call.ts'
import { filterQueries } from '../../api/filters.ts'
import { useViews } from '../../api/views.ts'
import { failureText } from '../../format/failure-text.ts'
import { useCallSuggestions } from '../../shell/use-call-suggestions.ts'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { SuggestField } from '../../ui/suggest-field.tsx'
import { MAX_TRIALS } from './use-trials.ts'

type PickCallsProps = { calls: readonly CallSummary[]; onAdd: (calls: CallSummary[]) => void }

/** Calls by id, the newest ones, or those of a saved view. */
export function PickCalls({ calls, onAdd }: PickCallsProps) {
  const client = useQueryClient()
  const views = useViews().data ?? []
  const [fault, setFault] = useState<string | null>(null)
  const room = MAX_TRIALS - calls.length

  const addFrom = async (selection: CallSelection, name: string) => {
    setFault(null)
    try {
      const found = await client.fetchQuery(filterQueries.preview(selection))
      const known = new Set(calls.map(({ id }) => id))
      const fresh = found.filter(({ id }) => !known.has(id)).slice(0, room)
      if (fresh.length === 0) setFault(`${name} has no other calls.`)
      onAdd(fresh)
    } catch (cause) {
      setFault(failureText(cause))
    }
  }

  if (room <= 0) {
    return (
      <p className="text-ink-faint">{MAX_TRIALS} calls are the most that can be tried at once.</p>
    )
  }
  return (
    <div className="flex flex-col gap-[8px]">
      <FindCall onFound={(call) => onAdd([call])} />
      <div className="flex flex-wrap gap-[8px]">
        <Button size="small" onClick={() => void addFrom({}, 'The list')}>
          Newest {room === MAX_TRIALS ? MAX_TRIALS : 'others'}
        </Button>
        {views.length > 0 && (
          <Menu trigger={<Button size="small">From a view</Button>}>
            {views.map((view) => (
              <MenuItem
                key={view.id}
                onSelect={() =>
                  void addFrom(
                    { search: view.state.search, filter: view.state.filter },
                    `“${view.name}”`,
                  )
                }
              >
                {view.name}
              </MenuItem>
            ))}
          </Menu>
        )}
      </div>
      {fault !== null && (
        <p role="alert" className="text-fail">
          {fault}
        </p>
      )}
    </div>
  )
}

function FindCall({ onFound }: { onFound: (call: CallSummary) => void }) {
  const client = useQueryClient()
  const [text, setText] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  const suggestions = useCallSuggestions()

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    // The form around this one must not be sent.
    event.stopPropagation()
    const asked = text.trim()
    if (asked === '') return
    suggestions.stop()
    const { call, message } = await findCall(client, asked)
    if (!call) return setFault(message)
    onFound(call)
    setText('')
    setFault(null)
  }

  return (
    <form onSubmit={submit} className="flex items-start gap-[6px]">
      <div className="min-w-0 flex-1">
        <SuggestField
          label="Call ID or number"
          isLabelHidden
          isMonospace
          placeholder="Call ID or number"
          value={text}
          onChange={(next) => {
            setText(next.slice(0, 200))
            setFault(null)
          }}
          {...suggestions.field}
          error={fault}
        />
      </div>
      <Button type="submit" icon={<Plus size={14} />}>
        Add
      </Button>
    </form>
  )
}

/** Not the query of the suggestions: that one is called off when the person goes on typing. */
async function findCall(client: QueryClient, asked: string) {
  try {
    const calls = await client.fetchQuery(filterQueries.preview({ search: asked }))
    const exact = calls.find(({ callId, id }) => callId === asked || String(id) === asked)
    return { call: exact ?? calls[0], message: `There is no call “${asked}”.` }
  } catch (cause) {
    return { call: undefined, message: failureText(cause) }
  }
}
