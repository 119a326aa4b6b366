import { describe, expect, it } from 'vitest'
import { formatDate, formatDateTime, formatFullDateTime, formatRelative } from './date.ts'

const timeZone = 'Europe/Berlin'
const now = new Date('2026-03-10T12:00:00Z')

describe('formatDateTime', () => {
  it('leaves out the year that the viewer lives in', () => {
    // Berlin is one hour ahead of UTC in winter.
    expect(formatDateTime('2026-01-05T08:03:00Z', { now, timeZone })).toBe('5 Jan, 09:03')
  })

  it('shows any other year, as counted in the time zone', () => {
    expect(formatDateTime('2025-12-18T19:47:00Z', { now, timeZone })).toBe('18 Dec 2025, 20:47')
    // 23:30 UTC on New Year's Eve is already 2026 in Berlin.
    expect(formatDateTime('2025-12-31T23:30:00Z', { now, timeZone })).toBe('1 Jan, 00:30')
  })

  it('gives back text that is no date', () => {
    expect(formatDateTime('soon')).toBe('soon')
  })
})

describe('formatDate and formatFullDateTime', () => {
  it('write the day in words', () => {
    expect(formatDate('2025-12-18T19:47:00Z', { timeZone })).toBe('18 Dec 2025')
    expect(formatFullDateTime('2025-12-18T19:47:03Z', { timeZone })).toContain(
      'Thursday, 18 December 2025',
    )
  })
})

describe('formatRelative', () => {
  it('counts whole units, never rounding up', () => {
    expect(formatRelative('2026-03-10T11:59:30Z', { now })).toBe('just now')
    expect(formatRelative('2026-03-10T11:00:01Z', { now })).toBe('59 minutes ago')
    expect(formatRelative('2026-03-09T13:00:00Z', { now })).toBe('23 hours ago')
    expect(formatRelative('2026-03-09T11:00:00Z', { now })).toBe('yesterday')
  })

  it('turns into a date after two weeks', () => {
    expect(formatRelative('2026-02-01T11:00:00Z', { now, timeZone })).toBe('1 Feb 2026')
  })

  it('does not call a clock that runs ahead a past time', () => {
    expect(formatRelative('2026-03-10T14:00:00Z', { now })).toBe('in 2 hours')
  })
})
