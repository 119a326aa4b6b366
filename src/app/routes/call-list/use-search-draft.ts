import { useEffect, useRef, useState } from 'react'

const PAUSE_MS = 200

type Draft = { text: string; before: string; after: string }

/**
 * What stands in a search box while its committed value follows a pause behind. A value committed by
 * someone else (back, a chip) replaces the draft; clearing takes effect at once.
 */
export function useSearchDraft(committed: string, onCommit: (text: string) => void) {
  const [draft, setDraft] = useState<Draft>({
    text: committed,
    before: committed,
    after: committed,
  })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  // Arrived: from here on, the value before is someone else's wish.
  if (committed === draft.after && draft.before !== draft.after) {
    setDraft({ ...draft, before: draft.after })
  }
  const isMine = committed === draft.before || committed === draft.after
  const setText = (text: string) => {
    const after = text.trim()
    setDraft({ text, before: committed, after })
    clearTimeout(timer.current)
    if (after === committed) return
    if (after === '') onCommit('')
    else timer.current = setTimeout(() => onCommit(after), PAUSE_MS)
  }
  return { text: isMine ? draft.text : committed, setText }
}
