import { useEffect, useEffectEvent, useRef } from 'react'
import { isDialogOpen, isTyping } from '../../ui/keyboard.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { useSearchDraft } from './use-search-draft.ts'

const SEARCH_HELP =
  'Finds calls with all the words. "In quotes": one after the other. pref*: words that begin so. Also ids and numbers.'

type SearchBoxProps = {
  search: string
  onSearch: (search: string) => void
  isSearching: boolean
  className?: string
}

/** Searches while one types. `/` goes to it, Escape clears it, then leaves it. */
export function SearchBox({ search, onSearch, isSearching, className }: SearchBoxProps) {
  const input = useRef<HTMLInputElement>(null)
  const { text, setText } = useSearchDraft(search, onSearch)

  const handleKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.defaultPrevented || isTyping(event) || isDialogOpen()) return
    event.preventDefault()
    input.current?.select()
  })
  useEffect(() => {
    window.addEventListener('keydown', handleKeyDown)
    return () => window.removeEventListener('keydown', handleKeyDown)
  }, [])

  return (
    <search className={className}>
      <SearchField
        ref={input}
        label="Search calls"
        placeholder="Search ids, numbers, transcripts"
        shortcut="/"
        title={SEARCH_HELP}
        aria-description={SEARCH_HELP}
        maxLength={200}
        value={text}
        onChange={setText}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && !text) event.currentTarget.blur()
        }}
        trailing={
          isSearching && (
            <span className="mr-[4px] flex text-ink-faint">
              <Spinner />
            </span>
          )
        }
      />
      <span role="status" className="sr-only">
        {isSearching ? 'Searching' : ''}
      </span>
    </search>
  )
}
