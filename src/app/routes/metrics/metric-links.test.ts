import { expect, it } from 'vitest'
import { readFilter } from '#contract/filter-url.ts'
import { failuresHref, momentHref, resultsHref } from './metric-links.ts'

it('leads to filters that the list understands', () => {
  const href = failuresHref({ metricId: 7, days: 30 })
  expect(href).toBe('/calls?filter=metric_evaluations.7.passed.eq.false,timestamp.gte.now-30d')
  for (const link of [href, resultsHref({ metricId: 7, days: 90 })]) {
    const text = new URL(link, 'http://localhost').searchParams.get('filter') ?? ''
    expect(readFilter(text).ok).toBe(true)
  }
})

it('leads to two seconds before a moment, and no further than the start', () => {
  expect(momentHref({ callId: 7, atSeconds: 61.25 })).toBe('/calls/7?t=59.2')
  expect(momentHref({ callId: 7, atSeconds: 1.5 })).toBe('/calls/7')
  expect(momentHref({ callId: 7, atSeconds: null })).toBe('/calls/7')
})
