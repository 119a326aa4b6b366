/** Which end of the day a date without a time stands for. */
export type DayEdge = 'start' | 'end'

const TYPED = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,3})?)?)?$/i
const WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i

/**
 * ISO 8601 in UTC from a date in the viewer's time zone: `2026-11-02`, `2026-11-02 14:30`, also with
 * seconds, or a full ISO time with its zone. A date alone means the `edge` of that day, its first or its last
 * millisecond. Null for anything else, and for days that do not exist.
 */
export function parseDateTimeText(text: string, edge: DayEdge = 'start'): string | null {
  const trimmed = text.trim()
  if (WITH_ZONE.test(trimmed)) return toIso(new Date(trimmed))
  const match = TYPED.exec(trimmed)
  if (!match) return null
  const [, year, month, day, hours, minutes, seconds, fraction] = match
  const date = localDate(Number(year), Number(month), Number(day))
  if (!date) return null
  if (hours === undefined) return toIso(atDayEdge(date, edge))
  const clock = [Number(hours), Number(minutes), Number(seconds ?? 0)] as const
  if (clock[0] > 23 || clock[1] > 59 || clock[2] > 59) return null
  date.setHours(...clock, Math.round(Number(fraction ?? 0) * 1000))
  return toIso(date)
}

/**
 * `2026-11-02`, `2026-11-02 14:30` or `2026-11-02 14:30:05.250` in the viewer's time zone, as short as
 * `parseDateTimeText` needs to read it back. Text that is no date comes back as it is.
 */
export function formatDateTimeText(iso: string, edge: DayEdge = 'start'): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  const day = `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
  return isDayEdge(date, edge) ? day : `${day} ${formatClock(date)}`
}

/** The first or last millisecond of the day that `date` is in, in the viewer's time zone. */
export function atDayEdge(date: Date, edge: DayEdge): Date {
  const edgeOfDay = new Date(date)
  if (edge === 'start') edgeOfDay.setHours(0, 0, 0, 0)
  else edgeOfDay.setHours(23, 59, 59, 999)
  return edgeOfDay
}

export function isDayEdge(date: Date, edge: DayEdge): boolean {
  return atDayEdge(date, edge).getTime() === date.getTime()
}

function formatClock(date: Date): string {
  const minutes = `${pad(date.getHours())}:${pad(date.getMinutes())}`
  const ms = date.getMilliseconds()
  if (ms > 0) return `${minutes}:${pad(date.getSeconds())}.${pad(ms, 3)}`
  return date.getSeconds() > 0 ? `${minutes}:${pad(date.getSeconds())}` : minutes
}

/** Null for a day such as 30 February, which `Date` would turn into March. */
function localDate(year: number, month: number, day: number): Date | null {
  const date = new Date(2000, 0, 1)
  // The constructor would take the years 0 to 99 for 1900 to 1999.
  date.setFullYear(year, month - 1, day)
  const isReal = date.getMonth() === month - 1 && date.getDate() === day
  return isReal ? date : null
}

function toIso(date: Date): string | null {
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

function pad(part: number, length = 2): string {
  return String(part).padStart(length, '0')
}
