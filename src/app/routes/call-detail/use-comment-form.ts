import { useRef, useState } from 'react'
import { keepCommentDraft, readCommentDraft } from './comment-draft.ts'
import type { CommentPlace } from './comment-threads.ts'

/** The form for a new comment: where it is pinned, what stands in it, and where the focus goes afterwards. */
export function useCommentForm(callId: number) {
  const [place, setPlace] = useState<CommentPlace | null>(null)
  const [text, setText] = useState(() => readCommentDraft(callId))
  const opener = useRef<HTMLElement | null>(null)

  const write = (next: string) => {
    setText(next)
    keepCommentDraft(callId, next)
  }
  const close = () => {
    setPlace(null)
    opener.current?.focus()
  }
  return {
    /** Null while it is closed. Another object takes the focus there again. */
    place,
    text,
    write,
    open: (at: CommentPlace) => {
      const focused = document.activeElement
      if (place === null) opener.current = focused instanceof HTMLElement ? focused : null
      setPlace({ ...at })
    },
    /** Keeps what was written for the next time. */
    close,
    /** What was written has been sent. */
    clear: () => {
      write('')
      close()
    },
  }
}

export type NewCommentForm = ReturnType<typeof useCommentForm>
