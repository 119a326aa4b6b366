import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useDeferredValue, useId, useState } from 'react'
import type { BulkWork } from '#contract/bulk-action.ts'
import type { CallSelection } from '#contract/call.ts'
import { MAX_TAGS_AT_ONCE } from '#contract/tag.ts'
import { tagQueries } from '../api/tags.ts'
import { countOf } from '../format/count.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { MultiSuggest } from '../ui/multi-suggest.tsx'
import { tagFault } from './tag-fault.ts'

type TagDialogProps = {
  kind: 'tag' | 'untag'
  count: number | undefined
  /** Whose tags can be taken away; undefined offers every tag there is. */
  matching: CallSelection | undefined
  isBusy: boolean
  onConfirm: (work: BulkWork) => void
  onClose: () => void
}

/** Asks for the tags, and says of how many calls: the confirmation in one. */
export function TagDialog({ kind, count, matching, isBusy, onConfirm, onClose }: TagDialogProps) {
  const formId = useId()
  const [tags, setTags] = useState<string[]>([])
  const [text, setText] = useState('')
  const [isTried, setTried] = useState(false)
  const contains = useDeferredValue(text)
  const known = useQuery(
    tagQueries.list({ contains, ...(kind === 'untag' && matching && { selection: matching }) }),
  )
  const fault = faultOf(tags)
  const verb = kind === 'tag' ? 'Tag' : 'Remove from'
  const calls = count === undefined ? 'calls' : countOf(count, 'call')

  const handleSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    // What was refused still stands in the field, which says why: it must not get lost.
    if (text.trim() !== '' && tagFault(text) !== null) return
    if (fault === null && count !== undefined) onConfirm({ kind, tags })
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="small"
      title={kind === 'tag' ? `Tag ${calls}` : `Remove tags from ${calls}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            form={formId}
            isBusy={isBusy}
            disabled={count === undefined}
          >
            {count === undefined ? 'Counting…' : `${verb} ${calls}`}
          </Button>
        </>
      }
    >
      {/* Room for the list of suggestions, which would lie over the buttons. */}
      <form id={formId} onSubmit={handleSubmit} className="min-h-[350px] max-sm:min-h-0">
        <MultiSuggest
          label="Tags"
          values={tags}
          onChange={setTags}
          faultOf={tagFault}
          suggestions={known.data}
          isLoading={known.isFetching}
          onQuery={setText}
          hint={
            kind === 'tag'
              ? 'Enter or a comma after each. Calls that have them already stay as they are.'
              : 'Calls without them stay as they are.'
          }
          error={isTried || tags.length > 0 ? fault : null}
        />
      </form>
    </Dialog>
  )
}

function faultOf(tags: readonly string[]): string | null {
  if (tags.length === 0) return 'Name at least one tag.'
  if (tags.length > MAX_TAGS_AT_ONCE) return `At most ${MAX_TAGS_AT_ONCE} tags at once.`
  return null
}
