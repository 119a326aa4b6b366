const KEY = 'talktrack.feedback-draft.'

/** Where storage is off, they stay until the page is loaded anew. */
const kept = new Map<number, string>()

/** What somebody wrote of a call in this tab and the server has not taken; null for nothing. Empty: clear it. */
export function readFeedbackDraft(callId: number): string | null {
  const text = kept.get(callId)
  if (text !== undefined) return text
  try {
    return sessionStorage.getItem(KEY + callId)
  } catch {
    return null
  }
}

/** Keeps it until the tab is closed. */
export function keepFeedbackDraft(callId: number, text: string): void {
  kept.set(callId, text)
  try {
    sessionStorage.setItem(KEY + callId, text)
  } catch (error) {
    console.warn('This browser keeps no drafts:', error)
  }
}

/** The server has it, or nobody wants it. What was written since stays. */
export function forgetFeedbackDraft(callId: number, text: string): void {
  if (readFeedbackDraft(callId) !== text) return
  kept.delete(callId)
  try {
    sessionStorage.removeItem(KEY + callId)
  } catch (error) {
    console.warn('This browser keeps no drafts:', error)
  }
}
