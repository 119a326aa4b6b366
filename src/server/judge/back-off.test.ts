import { describe, expect, it } from 'vitest'
import { backOffMs, readRetryAfter } from './back-off.ts'

describe('backOffMs', () => {
  const waitMs = (change: Partial<Parameters<typeof backOffMs>[0]>) =>
    backOffMs({ failures: 1, firstWaitMs: 500, retryAfterMs: null, random: 1, ...change })

  it('doubles with each failure', () => {
    expect([1, 2, 3].map((failures) => waitMs({ failures }))).toEqual([500, 1000, 2000])
  })

  it('is spread over its upper half', () => {
    // 500 x 0.5 and 500 x 0.75
    expect([0, 0.5].map((random) => waitMs({ random }))).toEqual([250, 375])
  })

  it('is never shorter than the endpoint asked for', () => {
    // 3000, and at most half of the first wait more
    expect([0, 1].map((random) => waitMs({ retryAfterMs: 3000, random }))).toEqual([3000, 3250])
  })

  it('is at most 20 s, whatever the endpoint asks for', () => {
    expect(waitMs({ retryAfterMs: 3_600_000 })).toBe(20_000)
  })
})

describe('readRetryAfter', () => {
  const now = Date.parse('2026-03-01T12:00:00Z')

  it.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': 'Sun, 01 Mar 2026 12:00:09 GMT' }, 9000],
    [{ 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': '2', 'retry-after-ms': '1500' }, 1500],
    [{ 'retry-after': 'soon' }, null],
    [{}, null],
  ])('reads %j as %s', (headers: Record<string, string>, expected) => {
    expect(readRetryAfter(headers, now)).toBe(expected)
  })
})
