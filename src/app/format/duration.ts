/** Stands for a value that is not known. */
export const UNKNOWN = '–'

/** `0:07`, `12:05`, `1:02:03`: seconds as a clock, cut to whole seconds. Null and negative give a dash. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !(seconds >= 0)) return UNKNOWN
  const { hours, minutes, seconds: rest } = splitSeconds(seconds)
  const clock = `${minutes}:${pad(rest)}`
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(rest)}` : clock
}

/** `2:14.3`: a position with tenths of a second, for links, tooltips and the player. */
export function formatPosition(seconds: number): string {
  const tenths = Math.floor(Math.max(0, seconds) * 10 + 1e-6)
  return `${formatDuration(Math.floor(tenths / 10))}.${tenths % 10}`
}

function splitSeconds(seconds: number) {
  const whole = Math.floor(Math.max(0, seconds))
  return {
    hours: Math.floor(whole / 3600),
    minutes: Math.floor((whole % 3600) / 60),
    seconds: whole % 60,
  }
}

function pad(part: number): string {
  return String(part).padStart(2, '0')
}
