import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDateTimeText, parseDateTimeText } from './date-time-text.ts'

/** The ISO text of a local time; months count from 0. */
const local = (...parts: [number, number, number, number?, number?, number?, number?]) => {
  const [year, month, day, ...clock] = parts
  return new Date(year, month, day, ...(clock as [])).toISOString()
}

describe('parseDateTimeText', () => {
  it('takes a date without a time for the start of that local day, or its end', () => {
    expect(parseDateTimeText('2026-11-02')).toBe(local(2026, 10, 2))
    expect(parseDateTimeText('2026-11-02', 'end')).toBe(local(2026, 10, 2, 23, 59, 59, 999))
    expect(parseDateTimeText(' 2026-1-5 ')).toBe(local(2026, 0, 5))
  })

  it('reads local times', () => {
    expect(parseDateTimeText('2026-11-02 14:30')).toBe(local(2026, 10, 2, 14, 30))
    expect(parseDateTimeText('2026-11-02T14:30:05', 'end')).toBe(local(2026, 10, 2, 14, 30, 5))
    expect(parseDateTimeText('2026-11-02 14:30:05.25')).toBe(local(2026, 10, 2, 14, 30, 5, 250))
  })

  it('keeps the zone of a time that has one', () => {
    // 14:30 two hours ahead of UTC is 12:30 UTC.
    expect(parseDateTimeText('2026-11-02T14:30:00+02:00')).toBe('2026-11-02T12:30:00.000Z')
    expect(parseDateTimeText('2026-11-02T14:30Z')).toBe('2026-11-02T14:30:00.000Z')
  })

  it.each([
    '',
    'tomorrow',
    '2026-02-30',
    '2026-13-01',
    '2026-11-02 24:00',
    '2026-11-02 14:60',
    '2026-11-02 14',
    '02.11.2026',
    '11/02/2026',
    '2026-11-02T99:99:00Z',
  ])('refuses %j', (text) => {
    expect(parseDateTimeText(text)).toBeNull()
  })
})

describe('formatDateTimeText', () => {
  it('leaves out what the reader does not need', () => {
    expect(formatDateTimeText(local(2026, 10, 2))).toBe('2026-11-02')
    expect(formatDateTimeText(local(2026, 10, 2), 'end')).toBe('2026-11-02 00:00')
    expect(formatDateTimeText(local(2026, 10, 2, 14, 30))).toBe('2026-11-02 14:30')
    expect(formatDateTimeText(local(2026, 10, 2, 14, 30, 5))).toBe('2026-11-02 14:30:05')
    expect(formatDateTimeText('soon')).toBe('soon')
  })

  it('is read back to the same instant, whichever edge a date stands for', () => {
    // An hour that the clocks repeat in autumn has two instants for one text: leave those out.
    const inSummer = fc.date({
      min: new Date('2026-05-01T00:00:00Z'),
      max: new Date('2026-09-01T00:00:00Z'),
      noInvalidDate: true,
    })
    const edges = fc.constantFrom('start' as const, 'end' as const)
    fc.assert(
      fc.property(inSummer, edges, (date, edge) => {
        const text = formatDateTimeText(date.toISOString(), edge)
        expect(parseDateTimeText(text, edge)).toBe(date.toISOString())
      }),
    )
  })
})
