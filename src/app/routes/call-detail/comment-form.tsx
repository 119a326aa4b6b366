import { type KeyboardEvent, type RefObject, useState } from 'react'
import { MAX_NOTE_LENGTH } from '#contract/review.ts'
import { Button } from '../../ui/button.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { TextArea } from '../../ui/text-field.tsx'

export type CommentFormProps = {
  /** Of the text area, for readers. */
  label: string
  text: string
  onWrite: (text: string) => void
  sendLabel: string
  /** Rejects where it was not taken: the form then says why and stays. */
  onSend: (text: string) => Promise<void>
  onCancel: () => void
  textArea?: RefObject<HTMLTextAreaElement | null>
  hasFocus?: boolean
}

/** A text and its buttons. Ctrl+Enter sends, Escape cancels. */
export function CommentForm(props: CommentFormProps) {
  const { label, text, onWrite, sendLabel, onSend, onCancel, textArea, hasFocus } = props
  const [isSending, setIsSending] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const wanted = text.trim()

  const send = async () => {
    if (isSending) return
    if (wanted === '') {
      setProblem('Write something first.')
      return
    }
    setIsSending(true)
    setProblem(null)
    try {
      await onSend(wanted)
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    } finally {
      setIsSending(false)
    }
  }
  const handleKeyDown = (event: KeyboardEvent) => {
    const isSend = event.key === 'Enter' && (event.ctrlKey || event.metaKey)
    const isCancel = event.key === 'Escape' && !event.nativeEvent.isComposing
    if (!isSend && !isCancel) return
    event.preventDefault()
    if (isSend) void send()
    else onCancel()
  }
  return (
    <form
      className="flex flex-col gap-[6px]"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <TextArea
        ref={textArea}
        autoFocus={hasFocus}
        label={label}
        isLabelHidden
        value={text}
        onChange={(next) => {
          setProblem(null)
          onWrite(next)
        }}
        onKeyDown={handleKeyDown}
        // What were written now would go with the text that is sent.
        readOnly={isSending}
        rows={3}
        spellCheck
        maxLength={MAX_NOTE_LENGTH}
        error={problem}
      />
      <div className="flex items-center gap-[6px]">
        <Button type="submit" size="small" variant="primary" isBusy={isSending}>
          {sendLabel}
        </Button>
        <Button size="small" variant="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <span aria-hidden="true" className="ml-auto max-md:hidden">
          <Kbd keys="mod+enter" />
        </span>
      </div>
    </form>
  )
}
