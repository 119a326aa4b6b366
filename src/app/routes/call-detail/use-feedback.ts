import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { forgetFeedbackDraft, keepFeedbackDraft, readFeedbackDraft } from './feedback-draft.ts'

export type FeedbackDraft = {
  text: string
  progress: 'none' | 'unsaved' | 'saving' | 'saved' | 'failed'
  write: (text: string) => void
  /** Sends what was written since; nothing happens without. */
  save: () => void
}

type UseFeedbackOptions = {
  callId: number
  /** As the person may see it. */
  standing: string
  canSend: boolean
  /** Resolves with whether it was saved. */
  send: (text: string) => Promise<boolean>
}

/**
 * Words about the call on their way to the server. What was written is saved when the page is left, too; what the
 * server did not take is there again when the person comes back.
 */
export function useFeedback(options: UseFeedbackOptions): FeedbackDraft {
  const { callId, standing, canSend, send } = options
  const [draft, setDraft] = useState(() => unsentDraft(callId, standing))
  const [progress, setProgress] = useState<FeedbackDraft['progress']>(
    draft === null ? 'none' : 'failed',
  )
  // What stands may be hidden, or not here yet: the person's own last word is nearer to what the server has.
  const lastSent = useRef<string | null>(null)
  const isToSave = draft !== null && (progress === 'unsaved' || progress === 'failed')

  const sendDraft = async (text: string) => {
    const sentBefore = lastSent.current
    lastSent.current = text
    setProgress('saving')
    const isSaved = await send(text)
    const isNewest = lastSent.current === text
    if (isSaved) forgetFeedbackDraft(callId, text)
    if (!isNewest) return
    // What is written meanwhile is a draft of its own.
    if (isSaved) {
      setProgress((now) => (now === 'saving' ? 'saved' : now))
      return
    }
    lastSent.current = sentBefore
    if (readFeedbackDraft(callId) === null) keepFeedbackDraft(callId, text)
    setDraft((now) => now ?? text)
    setProgress((now) => (now === 'unsaved' ? now : 'failed'))
  }
  const save = () => {
    if (!isToSave || !canSend) return
    if (draft === (lastSent.current ?? standing)) {
      forgetFeedbackDraft(callId, draft)
      setProgress('none')
      setDraft(null)
      return
    }
    void sendDraft(draft)
  }
  const saveAtLeave = useEffectEvent(save)
  useEffect(() => () => saveAtLeave(), [])

  return {
    text: draft ?? standing,
    progress,
    write: (text) => {
      setDraft(text)
      keepFeedbackDraft(callId, text)
      setProgress('unsaved')
    },
    save,
  }
}

/** One on its way, or already there, is no draft any more. */
function unsentDraft(callId: number, standing: string): string | null {
  const text = readFeedbackDraft(callId)
  if (text === null || text !== standing) return text
  forgetFeedbackDraft(callId, text)
  return null
}
