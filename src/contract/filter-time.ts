export type TimeUnit = 's' | 'm' | 'h' | 'd' | 'w' | 'M' | 'y'

/**
 * A time as a rule names it. `day`: a whole UTC day that begins at `startMs`. `relative`: `amount` units before now, or
 * before the day it is (then a whole day again); amount 0 for `now` and `today` alone.
 */
export type Time =
  | { kind: 'instant'; ms: number }
  | { kind: 'day'; startMs: number }
  | { kind: 'relative'; base: 'now' | 'today'; amount: number; unit: TimeUnit }

/** Epoch milliseconds, both included. An instant begins and ends at once. */
export type TimeRange = { startMs: number; endMs: number }

const DAY_MS = 86_400_000

const RELATIVE = /^(now|today)(?:-(\d{1,9})([smhdwMy]))?$/
/** The offset may begin with a space: that is what `+` becomes where somebody types it into an address. */
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:(Z)|([+ -])(\d{2}):?(\d{2})?)?)?$/i

/** Year 1: what is earlier by calculation counts as this, so that a bound is always a number that a date can have. */
const EARLIEST_MS = -62_135_596_800_000

/**
 * A time in ISO 8601 (UTC unless it says otherwise), or relative: `now`, `today`, `now-7d`. Null for anything else,
 * also for a day that does not exist. Source: docs/filters.md; units as in the Cekura API, relative times.
 */
export function parseTime(text: string): Time | null {
  const relative = RELATIVE.exec(text)
  if (relative) {
    const [, base, amount = '0', unit = 's'] = relative
    return {
      kind: 'relative',
      base: base === 'now' ? 'now' : 'today',
      amount: Number(amount),
      unit: unit as TimeUnit,
    }
  }
  const iso = ISO.exec(text)
  return iso === null ? null : isoTime(iso)
}

/** The first or last millisecond of what `text` names, in epoch milliseconds. Throws for a text that is no time. */
export function resolveTime(
  text: string,
  { now, edge }: { now: number; edge: 'start' | 'end' },
): number {
  const { startMs, endMs } = timeRange(text, now)
  return edge === 'start' ? startMs : endMs
}

/** What `text` names, `now` being in epoch milliseconds. Throws for a text that is no time. */
export function timeRange(text: string, now: number): TimeRange {
  const time = parseTime(text)
  if (time === null) throw new RangeError(`Not a time: ${text}`)
  switch (time.kind) {
    case 'instant':
      return { startMs: time.ms, endMs: time.ms }
    case 'day':
      return wholeDay(time.startMs)
    case 'relative': {
      if (time.base === 'today') return wholeDay(earlier(startOfDay(now), time))
      const ms = earlier(now, time)
      return { startMs: ms, endMs: ms }
    }
    default:
      return time satisfies never
  }
}

function wholeDay(startMs: number): TimeRange {
  return { startMs, endMs: startMs + DAY_MS - 1 }
}

function startOfDay(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS
}

const UNIT_MS: Record<Exclude<TimeUnit, 'M' | 'y'>, number> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: DAY_MS,
  w: 7 * DAY_MS,
}

function earlier(ms: number, { amount, unit }: { amount: number; unit: TimeUnit }): number {
  if (unit === 'M') return monthsEarlier(ms, amount)
  if (unit === 'y') return monthsEarlier(ms, 12 * amount)
  return Math.max(EARLIEST_MS, ms - amount * UNIT_MS[unit])
}

/** The same day of an earlier month, or its last day where it is shorter. */
function monthsEarlier(ms: number, months: number): number {
  const date = new Date(ms)
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth() - months
  const [year, monthOfYear] = [Math.floor(month / 12), month - 12 * Math.floor(month / 12)]
  if (year < 1) return EARLIEST_MS
  const day = Math.min(date.getUTCDate(), daysInMonth(year, monthOfYear))
  return utcDay(year, monthOfYear, day) + (ms - startOfDay(ms))
}

function daysInMonth(year: number, month: number): number {
  return new Date(utcDay(year, month + 1, 0)).getUTCDate()
}

/** As `Date.UTC`, which however takes the years 0 to 99 for 1900 to 1999. */
function utcDay(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day)
}

function isoTime(match: RegExpExecArray): Time | null {
  const [year, month, day, hours = 0, minutes = 0, seconds = 0] = match.slice(1, 7).map(toNumber)
  if (year === undefined || month === undefined || day === undefined) return null
  if (year < 1 || month < 1 || month > 12 || day < 1) return null
  if (day > daysInMonth(year, month - 1)) return null
  const startMs = utcDay(year, month - 1, day)
  if (match[4] === undefined) return { kind: 'day', startMs }
  const offset = offsetMinutes(match)
  if (hours > 23 || minutes > 59 || seconds > 59 || offset === null) return null
  const fractionMs = Math.floor(Number(`0.${match[7] ?? '0'}`) * 1000 + 1e-6)
  return {
    kind: 'instant',
    ms: startMs + ((hours * 60 + minutes - offset) * 60 + seconds) * 1000 + fractionMs,
  }
}

function toNumber(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits)
}

/** How far local time is ahead of UTC; null beyond what offsets can be. */
function offsetMinutes(match: RegExpExecArray): number | null {
  const [sign, hours = '0', minutes = '0'] = match.slice(9, 12)
  if (Number(hours) > 18 || Number(minutes) > 59) return null
  const size = Number(hours) * 60 + Number(minutes)
  return sign === '-' ? -size : size
}
