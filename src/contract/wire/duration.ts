const CLOCK = /^(?:(\d{1,4}):)?(\d{1,6}):([0-5]\d(?:\.\d{1,9})?)$/

/** `MM:SS` with minutes uncapped (`"75:09"`), rounded down; `"00:00"` for what is negative or no number. */
export function toClock(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0
  const pad = (part: number) => String(part).padStart(2, '0')
  return `${pad(Math.floor(whole / 60))}:${pad(whole % 60)}`
}

/** Seconds of `M:SS`, `MM:SS` (minutes uncapped) or `HH:MM:SS`, with or without a fraction; null for anything else. */
export function parseClock(text: string): number | null {
  const match = CLOCK.exec(text)
  if (match === null) return null
  const [, hours, minutes, seconds] = match
  if (hours !== undefined && Number(minutes) > 59) return null
  return Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(seconds)
}
