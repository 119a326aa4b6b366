import { parseClock } from '#contract/wire/duration.ts'
import { toNumber } from './json-value.ts'

/** `call`: seconds from the start of the call. `epoch`: seconds since 1970. */
export type Instant = { scale: 'call' | 'epoch'; seconds: number }

// No call lasts 31 years, and epoch seconds pass 10^11 only in the year 5138: so size tells the three apart.
const SMALLEST_EPOCH_SECONDS = 1e9
const SMALLEST_EPOCH_MILLISECONDS = 1e11
const LARGEST_EPOCH_MILLISECONDS = 8.64e15 // the last instant of a JavaScript Date

const ISO_DATE_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/
const HAS_OFFSET = /(Z|[+-]\d{2}:?\d{2})$/i

/** A number (seconds, epoch seconds or epoch milliseconds, by size), `"1:05"`, or ISO 8601 text; else null. */
export function readInstant(value: unknown): Instant | null {
  const number = toNumber(value)
  if (number !== null && number < SMALLEST_EPOCH_SECONDS) {
    return number > -SMALLEST_EPOCH_SECONDS ? { scale: 'call', seconds: number } : null
  }
  const clock = typeof value === 'string' ? parseClock(value.trim()) : null
  if (clock !== null) return { scale: 'call', seconds: clock }
  const seconds = epochSeconds(value)
  return seconds === null ? null : { scale: 'epoch', seconds }
}

/** For keys that always hold seconds of the call: a number, or null for none and for one too large to be meant. */
export function callSeconds(value: unknown): number | null {
  const number = toNumber(value)
  return number !== null && Math.abs(number) < SMALLEST_EPOCH_SECONDS ? number : null
}

/** For keys that always hold a point in time: a number (s or ms by size) or ISO 8601 text, as epoch seconds. */
export function epochSeconds(value: unknown): number | null {
  if (typeof value === 'string' && ISO_DATE_TIME.test(value.trim())) return isoSeconds(value.trim())
  const number = toNumber(value)
  if (number === null || number < 0 || number > LARGEST_EPOCH_MILLISECONDS) return null
  return number < SMALLEST_EPOCH_MILLISECONDS ? number : number / 1000
}

/** Text without an offset is read as UTC: what the server's own time zone says is not part of a payload. */
function isoSeconds(text: string): number | null {
  const withT = text.replace(' ', 'T')
  const milliseconds = Date.parse(HAS_OFFSET.test(withT) ? withT : `${withT}Z`)
  return Number.isNaN(milliseconds) ? null : milliseconds / 1000
}

/** The same for a `Date`, or null. */
export function readDate(value: unknown): Date | null {
  const seconds = epochSeconds(value)
  return seconds === null || seconds === 0 ? null : new Date(Math.round(seconds * 1000))
}

/** `later - earlier` to the microsecond: below that, subtracting epoch floats leaves only noise. */
export function secondsBetween(earlier: number, later: number): number {
  return Math.round((later - earlier) * 1e6) / 1e6
}

/** Reads values as call seconds; points in time count from `zeroSeconds`, and are null where no zero is known. */
export function createCallClock(zeroSeconds: number | null): (value: unknown) => number | null {
  return (value) => {
    const instant = readInstant(value)
    if (instant === null) return null
    if (instant.scale === 'call') return instant.seconds
    return zeroSeconds === null ? null : secondsBetween(zeroSeconds, instant.seconds)
  }
}

/** The earliest point in time among the values, as epoch seconds; null if all of them are call seconds. */
export function earliestEpoch(values: Iterable<unknown>): number | null {
  let earliest: number | null = null
  for (const value of values) {
    const instant = readInstant(value)
    if (instant?.scale !== 'epoch') continue
    if (earliest === null || instant.seconds < earliest) earliest = instant.seconds
  }
  return earliest
}
