import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMoment, withMoment } from './moment.ts'

describe('withMoment', () => {
  it('puts the second into the address and keeps the filter of the list', () => {
    expect(withMoment('https://example.org/calls/7?status=failure&t=3', 134.26)).toBe(
      'https://example.org/calls/7?status=failure&t=134.2',
    )
  })

  it('needs no moment for the start of a call', () => {
    expect(withMoment('https://example.org/calls/7?t=3', 0.04)).toBe('https://example.org/calls/7')
  })

  it('is read back to within a tenth of a second, never later', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 90_000, noNaN: true }), (seconds) => {
        const address = new URL(withMoment('https://example.org/calls/7', seconds))
        const read = parseMoment(address.searchParams)
        expect(seconds - read).toBeGreaterThanOrEqual(0)
        expect(seconds - read).toBeLessThan(0.1001)
      }),
    )
  })
})

describe('parseMoment', () => {
  it('starts at the beginning for anything that is no second', () => {
    for (const text of ['', 't=', 't=-4', 't=abc', 't=Infinity', 't=NaN']) {
      expect(parseMoment(new URLSearchParams(text))).toBe(0)
    }
  })
})
