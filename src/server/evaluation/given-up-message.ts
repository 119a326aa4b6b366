const MARK = 'Not judged: '

/** The error of a call whose judging broke for good, behind what was wrong with it before. */
export function withGivenUp(before: string | null, message: string): string {
  const kept = withoutGivenUp(before)
  return kept === null ? `${MARK}${message}` : `${kept}\n${MARK}${message}`
}

/** What is wrong with a call apart from its judging; null if nothing is. */
export function withoutGivenUp(errorMessage: string | null): string | null {
  if (errorMessage === null) return null
  if (errorMessage.startsWith(MARK)) return null
  const [kept = ''] = errorMessage.split(`\n${MARK}`)
  return kept
}
