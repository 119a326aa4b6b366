import { describe, expect, it } from 'vitest'
import { createCallClock, earliestEpoch, epochSeconds, readDate, readInstant } from './clock.ts'

describe('readInstant', () => {
  it('tells seconds of the call, epoch seconds and epoch milliseconds by size', () => {
    expect(readInstant(12.5)).toEqual({ scale: 'call', seconds: 12.5 })
    expect(readInstant(1767225600)).toEqual({ scale: 'epoch', seconds: 1767225600 })
    expect(readInstant(1767225600500)).toEqual({ scale: 'epoch', seconds: 1767225600.5 })
  })

  it('reads numbers and clocks that come as text', () => {
    expect(readInstant('12.5')).toEqual({ scale: 'call', seconds: 12.5 })
    expect(readInstant('1:05')).toEqual({ scale: 'call', seconds: 65 })
  })

  it('reads ISO text with microseconds, with an offset, and without one as UTC', () => {
    const expected = { scale: 'epoch', seconds: 1767225600.25 } // 2026-01-01T00:00:00.25Z
    expect(readInstant('2026-01-01T00:00:00.250000+00:00')).toEqual(expected)
    expect(readInstant('2026-01-01T01:00:00.250+01:00')).toEqual(expected)
    expect(readInstant('2026-01-01 00:00:00.250')).toEqual(expected)
  })

  it('reads nothing else', () => {
    const others = [
      null,
      undefined,
      '',
      'soon',
      '12:99',
      '2026-13-45T99:99:99Z',
      Number.NaN,
      -1e12,
      1e308,
      [1],
      {},
      true,
    ]
    for (const value of others) expect(readInstant(value)).toBeNull()
  })
})

describe('epochSeconds', () => {
  it('takes any number from zero as a point in time, since small test clocks exist', () => {
    expect(epochSeconds(3000000.001)).toBe(3000000.001)
    expect(epochSeconds(-1)).toBeNull()
  })
})

describe('readDate', () => {
  it('gives the instant to the millisecond, and null for none or zero', () => {
    expect(readDate('2026-01-01T00:00:00Z')?.toISOString()).toBe('2026-01-01T00:00:00.000Z')
    expect(readDate(1767225600.5)?.getTime()).toBe(1767225600500)
    for (const value of [null, 0, 'never', 1e300]) expect(readDate(value)).toBeNull()
  })
})

describe('createCallClock', () => {
  it('counts points in time from the earliest one, and leaves call seconds alone', () => {
    const values = [1767225603000, '2026-01-01T00:00:01Z', 4.5, null]
    expect(earliestEpoch(values)).toBe(1767225601)
    expect(values.map(createCallClock(earliestEpoch(values)))).toEqual([2, 0, 4.5, null])
  })

  it('does not know points in time without a zero', () => {
    expect(createCallClock(null)(1767225603000)).toBeNull()
  })
})
