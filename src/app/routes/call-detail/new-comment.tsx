import { useEffect, useRef } from 'react'
import { type NewComment as CommentBody, useAddComment } from '../../api/comments.ts'
import { Button } from '../../ui/button.tsx'
import { CommentForm } from './comment-form.tsx'
import { type CommentPlace, placeText, WHOLE_CALL } from './comment-threads.ts'
import type { NewCommentForm } from './use-comment-form.ts'

export type NewCommentProps = {
  callId: number
  place: CommentPlace
  form: NewCommentForm
  /** The comment is in the list. */
  onAdded: (id: number) => void
}

/** The form for a comment at a place, with the focus in it. */
export function NewComment({ callId, place, form, onAdded }: NewCommentProps) {
  const textArea = useRef<HTMLTextAreaElement>(null)
  const add = useAddComment(callId)
  // Each time the place is chosen, also while the form is open already.
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => textArea.current?.focus(), [place])
  const isPinned = place.atSeconds !== null || place.segmentIndex !== null

  const send = async (text: string) => {
    const body: CommentBody = { text, ...place }
    const { id } = await add.mutateAsync(body)
    form.clear()
    onAdded(id)
  }
  return (
    <section
      aria-label="New comment"
      className="mb-[14px] flex flex-col gap-[6px] rounded-[6px] border border-line-strong bg-surface p-[10px]"
    >
      <div className="flex min-h-[26px] items-center gap-[6px]">
        <h2 className="min-w-0 flex-1 font-semibold tabular-nums">{headingOf(place)}</h2>
        {isPinned && (
          <Button size="small" variant="quiet" onClick={() => form.open(WHOLE_CALL)}>
            On the whole call
          </Button>
        )}
      </div>
      <CommentForm
        label={headingOf(place)}
        text={form.text}
        onWrite={form.write}
        sendLabel="Comment"
        onSend={send}
        onCancel={form.close}
        textArea={textArea}
      />
    </section>
  )
}

function headingOf(place: CommentPlace): string {
  if (place.atSeconds !== null) return `Comment at ${placeText(place)}`
  if (place.segmentIndex !== null) return `Comment on segment ${place.segmentIndex + 1}`
  return 'Comment on the whole call'
}
