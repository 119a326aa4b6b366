import { describe, expect, it } from 'vitest'
import { CallSort, parseCallSort, sortedMetric } from './call.ts'

describe('an order of calls', () => {
  it.each([
    ['startedAt', { key: 'startedAt', direction: 'asc' }],
    ['-startedAt', { key: 'startedAt', direction: 'desc' }],
    ['metric:12', { key: 'metric:12', direction: 'asc' }],
    ['-metric:12', { key: 'metric:12', direction: 'desc' }],
  ])('%s is read', (sort, expected) => {
    expect(CallSort.parse(sort)).toBe(sort)
    expect(parseCallSort(sort)).toEqual(expected)
  })

  it.each(['', '-', '--startedAt', 'metric:', 'metric:0', 'metric:-1', 'metric:1.5', 'metric:1x'])(
    '%j is none',
    (sort) => {
      expect(CallSort.safeParse(sort).success).toBe(false)
      expect(() => parseCallSort(sort)).toThrow('is no order of calls')
    },
  )

  it('may be that of a metric', () => {
    expect(sortedMetric('metric:12')).toBe(12)
    expect(sortedMetric('startedAt')).toBeNull()
  })
})
