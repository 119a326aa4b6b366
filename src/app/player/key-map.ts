/** What a key of the review seat does. */
export type ReviewAction =
  | 'toggle-play'
  | 'next-call'
  | 'previous-call'
  | 'next-segment'
  | 'previous-segment'
  | 'forward'
  | 'back'
  | 'forward-little'
  | 'back-little'
  | 'next-evidence'
  | 'previous-evidence'
  | 'next-slow-reply'
  | 'slower'
  | 'faster'
  | 'toggle-skip-silence'
  | 'toggle-follow'
  | 'rerun'
  | 'agree'
  | 'disagree'
  | 'comment'
  | 'toggle-highlights'
  | 'done-and-next'

export type ReviewKey = {
  action: ReviewAction
  /** As `Kbd` writes it: `space`, `j`, `shift+left`. */
  keys: string
  does: string
}

/** The keys of a call's page, in the order of the sheet. */
export const REVIEW_KEYS: readonly ReviewKey[] = [
  { action: 'toggle-play', keys: 'space', does: 'Play or pause' },
  { action: 'back', keys: 'left', does: 'Back 5 seconds' },
  { action: 'forward', keys: 'right', does: 'Forward 5 seconds' },
  { action: 'back-little', keys: 'shift+left', does: 'Back 1 second' },
  { action: 'forward-little', keys: 'shift+right', does: 'Forward 1 second' },
  { action: 'previous-segment', keys: 'up', does: 'Previous segment' },
  { action: 'next-segment', keys: 'down', does: 'Next segment' },
  { action: 'next-evidence', keys: 'n', does: 'Next evidence' },
  { action: 'previous-evidence', keys: 'p', does: 'Previous evidence' },
  { action: 'next-slow-reply', keys: 'g', does: 'Next slow reply, worst first' },
  { action: 'slower', keys: '[', does: 'Slower' },
  { action: 'faster', keys: ']', does: 'Faster' },
  { action: 'toggle-skip-silence', keys: 's', does: 'Skip silence' },
  { action: 'toggle-follow', keys: 'f', does: 'Follow the playback' },
  { action: 'toggle-highlights', keys: 'h', does: 'Listen to what matters' },
  { action: 'agree', keys: 'y', does: 'Agree with the result' },
  { action: 'disagree', keys: 'x', does: 'Disagree with the result' },
  { action: 'comment', keys: 'c', does: 'Comment here' },
  { action: 'rerun', keys: 'r', does: 'Evaluate again' },
  { action: 'done-and-next', keys: 'ctrl+enter', does: 'Reviewed, and the next call' },
  { action: 'next-call', keys: 'j', does: 'Next call of the list' },
  { action: 'previous-call', keys: 'k', does: 'Previous call of the list' },
]

const KEY_NAME: Record<string, string> = {
  ' ': 'space',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}

export type KeyPress = {
  key: string
  shiftKey: boolean
  ctrlKey: boolean
  altKey: boolean
  metaKey: boolean
}

/** What a key press means; null for every other key, and for the browser's own combinations. */
export function actionOf(press: KeyPress): ReviewAction | null {
  if (isSend(press)) return 'done-and-next'
  if (press.ctrlKey || press.altKey || press.metaKey) return null
  // Caps Lock writes capitals; the key is the same.
  const name = KEY_NAME[press.key] ?? press.key.toLowerCase()
  // Shift is how some keyboards write brackets, so it counts for named keys alone.
  const keys = press.shiftKey && press.key in KEY_NAME ? `shift+${name}` : name
  return REVIEW_KEYS.find((each) => each.keys === keys)?.action ?? null
}

function isSend({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): boolean {
  return key === 'Enter' && (ctrlKey || metaKey) && !altKey && !shiftKey
}

/** The same keys as the keyboard sheet takes them. */
export const REVIEW_SHORTCUTS: { title: string; shortcuts: { keys: string[]; label: string }[] } = {
  title: 'This call',
  shortcuts: REVIEW_KEYS.map(({ keys, does }) => ({ keys: [keys], label: does })),
}
