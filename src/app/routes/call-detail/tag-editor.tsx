import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { MAX_TAGS } from '#contract/tag.ts'
import { tagQueries } from '../../api/tags.ts'
import { tagFault } from '../../bulk/tag-fault.ts'
import { useDebounced } from '../../shell/use-debounced.ts'
import { MultiSuggest } from '../../ui/multi-suggest.tsx'
import { tagChange } from './tag-change.ts'

const PAUSE_MS = 150

type TagEditorProps = {
  tags: readonly string[]
  onChange: (add: readonly string[], remove: readonly string[]) => void
}

/** Suggests the tags that calls have, the most frequent first; any other text is a new one. */
export function TagEditor({ tags, onChange }: TagEditorProps) {
  const [text, setText] = useState('')
  const [error, setError] = useState<string>()
  const contains = useDebounced(text, PAUSE_MS)
  const frame = useRef<HTMLDivElement>(null)
  const known = useQuery(tagQueries.list({ contains }))

  // The panel gave the focus to itself while this was on its way.
  useEffect(() => frame.current?.querySelector('input')?.focus(), [])

  const handleChange = (values: readonly string[]) => {
    const { add, remove, refused } = tagChange(tags, values)
    setError(refused[0] === undefined ? undefined : whyRefused(refused[0], tags))
    if (add.length > 0 || remove.length > 0) onChange(add, remove)
  }
  return (
    <div ref={frame} className="w-[300px] max-w-full">
      <MultiSuggest
        label="Tags of this call"
        isLabelHidden
        placeholder="Add a tag"
        values={tags}
        onChange={handleChange}
        faultOf={tagFault}
        suggestions={known.data}
        isLoading={known.isFetching}
        onQuery={(query) => setText(query.trim())}
        {...(error !== undefined && { error })}
      />
    </div>
  )
}

function whyRefused(text: string, tags: readonly string[]): string {
  if (tags.length >= MAX_TAGS) return `A call has at most ${MAX_TAGS} tags.`
  return tagFault(text) ?? 'Too many tags at once.'
}
