type DateOptions = {
  /** The viewer's clock; decides whether the year is worth showing. */
  now?: Date
  /** Default: the browser's. */
  timeZone?: string
}

const LOCALE = 'en-GB'

/** `18 Dec, 20:47`, with the year where it is not this year's: `18 Dec 2025, 20:47`. Input ISO 8601. */
export function formatDateTime(iso: string, { now = new Date(), timeZone }: DateOptions = {}) {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  return formatter(timeZone, {
    day: 'numeric',
    month: 'short',
    year: yearIn(date, timeZone) === yearIn(now, timeZone) ? undefined : 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(date)
}

/** `18 Dec 2025`. */
export function formatDate(iso: string, { timeZone }: DateOptions = {}) {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  return formatter(timeZone, { day: 'numeric', month: 'short', year: 'numeric' }).format(date)
}

/** `Thursday, 18 December 2025 at 20:47:03 CET`: everything, for a tooltip. */
export function formatFullDateTime(iso: string, { timeZone }: DateOptions = {}) {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  return formatter(timeZone, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).format(date)
}

const STEPS: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

const DAYS_SPOKEN_RELATIVELY = 14

/** `just now`, `5 minutes ago`, `yesterday`; from two weeks on the date. */
export function formatRelative(iso: string, options: DateOptions = {}) {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  const seconds = ((options.now ?? new Date()).getTime() - date.getTime()) / 1000
  if (Math.abs(seconds) < 60) return 'just now'
  if (Math.abs(seconds) > DAYS_SPOKEN_RELATIVELY * 86_400) return formatDate(iso, options)
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return relative.format(-Math.trunc(seconds / size), unit)
  }
  return 'just now'
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

const formatters = new Map<string, Intl.DateTimeFormat>()

// Making a formatter costs about 50 µs, using one about 1 µs: a list of rows must not make one per cell.
function formatter(timeZone: string | undefined, options: Intl.DateTimeFormatOptions) {
  const key = JSON.stringify([timeZone, options])
  const known = formatters.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(LOCALE, { ...options, timeZone })
  formatters.set(key, made)
  return made
}

function yearIn(date: Date, timeZone: string | undefined): string {
  return formatter(timeZone, { year: 'numeric' }).format(date)
}
