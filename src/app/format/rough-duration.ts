/** `less than a minute`, `about 12 min`, `about 2 h 5 min`: seconds that nobody knows exactly. */
export function formatRoughDuration(seconds: number): string {
  const minutes = Math.round(seconds / 60)
  if (minutes < 1) return 'less than a minute'
  if (minutes < 60) return `about ${minutes} min`
  const rest = minutes % 60
  return `about ${Math.floor(minutes / 60)} h${rest > 0 ? ` ${rest} min` : ''}`
}
