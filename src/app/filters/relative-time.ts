import { parseTime, type TimeUnit } from '#contract/filter-time.ts'
import { timeName } from '#contract/time-words.ts'
import type { DateOption } from '../ui/date-time-field.tsx'

export type RelativeTime = { base: 'now' | 'today'; amount: number; unit: TimeUnit }

export const TIME_UNIT_NAME: Record<TimeUnit, string> = {
  s: 'seconds',
  m: 'minutes',
  h: 'hours',
  d: 'days',
  w: 'weeks',
  M: 'months',
  y: 'years',
}

/** What people ask for most. */
const USUAL: readonly string[] = [
  'today',
  'today-1d',
  'now-1h',
  'now-24h',
  'now-7d',
  'now-30d',
  'now-90d',
]

/** The relative times on offer: the usual ones, and the one that is set. */
export function relativeOptions(current: string | null): DateOption[] {
  const isOther = current !== null && readRelative(current) !== null && !USUAL.includes(current)
  return [...USUAL, ...(isOther ? [current] : [])].map((value) => ({
    value,
    // Also what is typed, and nobody types the zone; the field says it.
    label: timeName(value).replace(' (UTC)', ''),
  }))
}

export function readRelative(text: string): RelativeTime | null {
  const time = parseTime(text)
  if (time?.kind !== 'relative') return null
  const { base, amount, unit } = time
  return { base, amount, unit }
}

export function spellRelative({ base, amount, unit }: RelativeTime): string {
  return amount === 0 ? base : `${base}-${amount}${unit}`
}
