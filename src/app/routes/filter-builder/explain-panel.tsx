import { Check, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Link } from 'react-router'
import type { FilterExplanation } from '#contract/filter-explanation.ts'
import { useCallSuggestions } from '../../shell/use-call-suggestions.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { SuggestField } from '../../ui/suggest-field.tsx'

type ExplainPanelProps = {
  /** The call that is being explained; empty: none. */
  call: string
  onCall: (call: string) => void
  explanation: { data: FilterExplanation | undefined; error: Error | null; isFetching: boolean }
  /** Names of the rules that decide, for the sentence. */
  failing: readonly string[]
}

/** "Why is this call not here?", and why it is. The rules themselves answer in the tree. */
export function ExplainPanel({ call, onCall, explanation, failing }: ExplainPanelProps) {
  return (
    <section
      aria-labelledby="explain-call"
      className="flex flex-col gap-[8px] border-t border-line pt-[12px]"
    >
      <h2 id="explain-call" className="text-[13px] font-semibold">
        Why is a call not here?
      </h2>
      <PickCall call={call} onCall={onCall} />
      <div role="status">
        {call !== '' && <Answer call={call} explanation={explanation} failing={failing} />}
      </div>
    </section>
  )
}

function PickCall({ call, onCall }: { call: string; onCall: (call: string) => void }) {
  const [text, setText] = useState(call)
  const [shown, setShown] = useState(call)
  if (shown !== call) {
    // Picked in the list of calls, or by an address.
    setShown(call)
    setText(call)
  }
  const suggestions = useCallSuggestions()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // The list of suggestions has done its work.
    suggestions.stop()
    onCall(text.trim())
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
          onChange={(next) => setText(next.slice(0, 200))}
          {...suggestions.field}
        />
      </div>
      <Button type="submit" aria-disabled={text.trim() === '' || undefined}>
        Explain
      </Button>
      {call !== '' && (
        <IconButton label="Stop explaining" onClick={() => onCall('')}>
          <X size={14} />
        </IconButton>
      )}
    </form>
  )
}

function Answer({ call, explanation, failing }: Omit<ExplainPanelProps, 'onCall'>) {
  const { data, error, isFetching } = explanation
  if (error && !isFetching) return <p className="text-[13px] text-fail">{error.message}</p>
  if (!data) {
    return (
      <p className="flex items-center gap-[6px] text-[13px] text-ink-faint">
        <Spinner /> Looking at {call}
      </p>
    )
  }
  if (data.kind === 'unknown-call') {
    return (
      <p className="text-[13px] leading-[20px] text-ink-soft">
        There is no call “{call}”, neither by the sender’s ID nor by its number here.
      </p>
    )
  }
  const isIn = data.holds && data.isFound !== false
  return (
    <div className="flex gap-[7px] text-[13px] leading-[20px]">
      {isIn ? (
        <Check size={15} aria-hidden="true" className="mt-[3px] shrink-0 text-pass" />
      ) : (
        <X size={15} aria-hidden="true" className="mt-[3px] shrink-0 text-fail" />
      )}
      <div className="min-w-0">
        <p className="break-words">
          <Link to={`/calls/${data.call.id}`} className="text-accent underline underline-offset-2">
            {data.call.callId}
          </Link>{' '}
          {isIn ? 'is among these calls.' : 'is not among these calls.'}
        </p>
        <p className="break-words text-ink-soft">{reason(data, failing)}</p>
      </div>
    </div>
  )
}

type Explained = Extract<FilterExplanation, { kind: 'explained' }>

function reason({ holds, isFound }: Explained, failing: readonly string[]): string {
  const search = isFound === false ? 'The search does not find it.' : ''
  if (holds) return search || 'What each rule sees of it stands beside the rule.'
  const rules =
    failing.length > 0
      ? `Rules that keep it out: ${failing.join('; ')}.`
      : 'The filter does not let it through.'
  return [rules, search].filter(Boolean).join(' ')
}
