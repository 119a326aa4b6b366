import { describe, expect, it } from 'vitest'
import { parseTime, resolveTime, timeRange } from './filter-time.ts'

const NOW = Date.parse('2026-03-31T14:30:15.250Z')

function at(text: string, edge: 'start' | 'end' = 'start'): string {
  return new Date(resolveTime(text, { now: NOW, edge })).toISOString()
}

describe('resolveTime', () => {
  it('counts back from now by each unit', () => {
    expect(at('now')).toBe('2026-03-31T14:30:15.250Z')
    expect(at('now-10s')).toBe('2026-03-31T14:30:05.250Z')
    expect(at('now-10m')).toBe('2026-03-31T14:20:15.250Z')
    expect(at('now-10h')).toBe('2026-03-31T04:30:15.250Z')
    expect(at('now-7d')).toBe('2026-03-24T14:30:15.250Z')
    expect(at('now-2w')).toBe('2026-03-17T14:30:15.250Z')
    expect(at('now-2M')).toBe('2026-01-31T14:30:15.250Z')
    expect(at('now-1y')).toBe('2025-03-31T14:30:15.250Z')
  })

  it('takes the last day of a month that has no such day', () => {
    expect(at('now-1M')).toBe('2026-02-28T14:30:15.250Z')
    // 25 months before March 2026 is February 2024, which has 29 days.
    expect(at('now-25M')).toBe('2024-02-29T14:30:15.250Z')
    const leapDay = Date.parse('2024-02-29T00:00:00Z')
    expect(resolveTime('now-1y', { now: leapDay, edge: 'start' })).toBe(Date.parse('2023-02-28'))
  })

  it('takes today for the whole UTC day', () => {
    expect(at('today')).toBe('2026-03-31T00:00:00.000Z')
    expect(at('today', 'end')).toBe('2026-03-31T23:59:59.999Z')
    expect(at('today-1M')).toBe('2026-02-28T00:00:00.000Z')
    expect(at('today-1M', 'end')).toBe('2026-02-28T23:59:59.999Z')
  })

  it('takes a date without a time for the whole day, and one with a time for a moment', () => {
    expect(at('2026-02-28')).toBe('2026-02-28T00:00:00.000Z')
    expect(at('2026-02-28', 'end')).toBe('2026-02-28T23:59:59.999Z')
    expect(at('2026-02-28T12:00', 'end')).toBe('2026-02-28T12:00:00.000Z')
  })

  it('reads offsets from UTC, also where an address has made a blank of the plus', () => {
    expect(at('2026-02-28T12:00+05:30')).toBe('2026-02-28T06:30:00.000Z')
    expect(at('2026-02-28T12:00 05:30')).toBe('2026-02-28T06:30:00.000Z')
    expect(at('2026-02-28T12:00:01.5-02')).toBe('2026-02-28T14:00:01.500Z')
    expect(at('2026-02-28 12:00:00.123456Z')).toBe('2026-02-28T12:00:00.123Z')
  })

  it('reads years before 100 as they stand', () => {
    expect(at('0099-03-01')).toBe('0099-03-01T00:00:00.000Z')
  })

  it('stays a date however far back', () => {
    expect(at('now-999999999y')).toBe('0001-01-01T00:00:00.000Z')
    expect(at('now-999999999w')).toBe('0001-01-01T00:00:00.000Z')
  })

  it('refuses what is no time', () => {
    expect(() => at('soon')).toThrow('Not a time: soon')
  })
})

describe('timeRange', () => {
  it('is a single moment for a moment', () => {
    const ms = Date.parse('2026-01-01T10:00:00Z')
    expect(timeRange('2026-01-01T10:00Z', NOW)).toEqual({ startMs: ms, endMs: ms })
  })
})

describe('parseTime', () => {
  it('tells minutes from months', () => {
    expect(parseTime('now-3m')).toMatchObject({ unit: 'm' })
    expect(parseTime('now-3M')).toMatchObject({ unit: 'M' })
  })

  it.each([
    '',
    'now+1d',
    'now-d',
    'now-1D',
    'now - 1d',
    'tomorrow',
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-1-1',
    '2026-01-01T24:00',
    '2026-01-01T10:60',
    '2026-01-01T10:00+19:00',
    '2026-01-01Z',
    '0000-01-01',
    '1767225600',
  ])('refuses %j', (text) => {
    expect(parseTime(text)).toBeNull()
  })
})
