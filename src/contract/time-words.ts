import type { FilterOp } from './filter.ts'
import { parseTime, type Time, type TimeUnit } from './filter-time.ts'

/** What follows “started” for a rule about a time: “in the last 7 days”, “on 1 March 2026 (UTC) or later”. */
export function timeWords(text: string, op: FilterOp): string {
  const time = parseTime(text)
  if (time === null) return `${op} ${text}`
  return isDay(time) ? dayWords(dayName(time), op) : momentWords(time, op)
}

/** A time alone: “today (UTC)”, “7 days ago”, “1 March 2026, 14:05 UTC”. */
export function timeName(text: string): string {
  const time = parseTime(text)
  if (time === null) return text
  return isDay(time) ? utcDay(dayName(time)) : momentName(time)
}

function isDay(time: Time): boolean {
  return time.kind === 'day' || (time.kind === 'relative' && time.base === 'today')
}

/** Days compare by their first millisecond with `gt` and by their last with `lt`; docs/filters.md. */
function dayWords(day: string, op: FilterOp): string {
  const isAdverb = day === 'today' || day === 'yesterday'
  const named = utcDay(day)
  const onDay = isAdverb ? named : `on ${named}`
  switch (op) {
    case 'neq':
      return `on any day but ${named}`
    case 'gt':
      return `after the start of ${named}`
    case 'gte':
      return `${onDay} or later`
    case 'lt':
      return `before the end of ${named}`
    case 'lte':
      return `${onDay} or earlier`
    default:
      return onDay
  }
}

/** Where the reader's day is another one than the filter's, only this tells. */
function utcDay(day: string): string {
  return `${day} (UTC)`
}

function momentWords(time: Time, op: FilterOp): string {
  const name = momentName(time)
  const atName = time.kind === 'instant' ? `at ${name}` : name
  switch (op) {
    case 'neq':
      return `at any time but ${name}`
    case 'gt':
      return `after ${name}`
    case 'gte':
      return sinceWords(time) ?? `${atName} or later`
    case 'lt':
      return `before ${name}`
    case 'lte':
      return `${atName} or earlier`
    default:
      return time.kind === 'relative' ? `exactly ${atName}` : atName
  }
}

/** “in the last 7 days”; null for what is no time span before now. */
function sinceWords(time: Time): string | null {
  if (time.kind !== 'relative' || time.amount === 0) return null
  const { amount, unit } = time
  return `in the last ${amount === 1 ? UNIT_NAME[unit] : span(time)}`
}

const UNIT_NAME: Record<TimeUnit, string> = {
  s: 'second',
  m: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  M: 'month',
  y: 'year',
}

function span({ amount, unit }: { amount: number; unit: TimeUnit }): string {
  return `${amount} ${UNIT_NAME[unit]}${amount === 1 ? '' : 's'}`
}

function dayName(time: Time): string {
  if (time.kind === 'day') return dateName(new Date(time.startMs))
  if (time.kind === 'instant') return momentName(time)
  if (time.amount === 0) return 'today'
  if (time.amount === 1 && time.unit === 'd') return 'yesterday'
  return `the day ${span(time)} before today`
}

function momentName(time: Time): string {
  if (time.kind === 'relative') return time.amount === 0 ? 'now' : `${span(time)} ago`
  const date = new Date(time.kind === 'day' ? time.startMs : time.ms)
  return `${dateName(date)}, ${clockName(date)} UTC`
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** Written out by hand: what `Intl` gives differs between versions, and a sentence is compared with a saved one. */
function dateName(date: Date): string {
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`
}

/** Seconds and their fraction only where there are any. */
function clockName(date: Date): string {
  const [hours = '', minutes = '', seconds = ''] = date.toISOString().slice(-13, -1).split(':')
  const hoursAndMinutes = `${hours.slice(-2)}:${minutes}`
  const rest = seconds.replace(/\.?0+$/, '')
  return Number(seconds) === 0 ? hoursAndMinutes : `${hoursAndMinutes}:${rest}`
}
