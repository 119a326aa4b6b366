import { Sparkles } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { FilterGroup } from '#contract/filter.ts'
import { readFilter } from '#contract/filter-url.ts'
import { describeFilter, type FilterNames } from '#contract/filter-words.ts'
import { useProposeFilter } from '../../api/filters.ts'
import { ReadOnlyTree } from '../../filters/read-only-tree.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'

type ProposeBoxProps = { names: FilterNames; onApply: (filter: FilterGroup) => void }

/** Words become a proposal, and a proposal a filter only by a person's hand. */
export function ProposeBox({ names, onApply }: ProposeBoxProps) {
  const [sentence, setSentence] = useState('')
  const propose = useProposeFilter()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (sentence.trim() !== '' && !propose.isPending) propose.mutate(sentence.trim())
  }
  return (
    <div className="flex flex-col gap-[8px]">
      <form onSubmit={submit} className="flex gap-[6px]">
        <div className="min-w-0 flex-1">
          <TextField
            label="Describe the calls you want"
            isLabelHidden
            placeholder="Describe the calls you want: failed calls of last week where the agent was slow"
            maxLength={1000}
            value={sentence}
            onChange={setSentence}
          />
        </div>
        <Button type="submit" icon={<Sparkles size={14} />} isBusy={propose.isPending}>
          Propose
        </Button>
      </form>
      <div role="status">
        {propose.isPending && (
          <p className="text-[13px] text-ink-faint">The judge is reading it.</p>
        )}
        {propose.data?.kind === 'proposed' && (
          <p className="sr-only">A filter is proposed below. Nothing is applied yet.</p>
        )}
        {propose.error && <p className="text-[13px] text-fail">{propose.error.message}</p>}
        {propose.data?.kind === 'failed' && (
          <p className="text-[13px] text-fail">{propose.data.message}</p>
        )}
      </div>
      {propose.data?.kind === 'proposed' && (
        <Proposal
          text={propose.data.filter}
          names={names}
          onApply={(filter) => {
            onApply(filter)
            propose.reset()
          }}
          onDismiss={propose.reset}
        />
      )}
    </div>
  )
}

type ProposalProps = ProposeBoxProps & { text: string; onDismiss: () => void }

function Proposal({ text, names, onApply, onDismiss }: ProposalProps) {
  const parsed = readFilter(text)
  if (!parsed.ok) {
    return <p className="text-[13px] text-fail">The proposal cannot be read: {text}</p>
  }
  const { filter } = parsed
  return (
    <section
      aria-label="Proposed filter"
      className="flex flex-col gap-[8px] rounded-[7px] border border-accent bg-accent-soft p-[12px]"
    >
      <p className="text-[13px] leading-[20px] break-words">{describeFilter(filter, names)}</p>
      <ReadOnlyTree filter={filter} names={names} />
      <div className="flex gap-[6px]">
        <Button variant="primary" size="small" onClick={() => onApply(filter)}>
          Apply
        </Button>
        <Button size="small" onClick={onDismiss}>
          Dismiss
        </Button>
      </div>
    </section>
  )
}
