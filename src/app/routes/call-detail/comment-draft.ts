const KEY = 'talktrack.comment-draft.'

/** What somebody began to write on a call in this tab and did not send; empty for nothing. */
export function readCommentDraft(callId: number): string {
  try {
    return sessionStorage.getItem(KEY + callId) ?? ''
  } catch {
    return ''
  }
}

/** Keeps it until the tab is closed; where storage is off, until the call is left. */
export function keepCommentDraft(callId: number, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(KEY + callId)
    else sessionStorage.setItem(KEY + callId, text)
  } catch (error) {
    console.warn('This browser keeps no drafts:', error)
  }
}
