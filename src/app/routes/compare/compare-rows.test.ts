import { describe, expect, it } from 'vitest'
import { aVerdict } from '#testing/verdict-builder.ts'
import { compareVerdicts } from './compare-rows.ts'

const latency = {
  metricId: 2,
  name: 'Latency',
  evalType: 'numeric',
  unit: 'ms',
  passed: null,
} as const
const METRICS = [
  { id: 1, direction: 'higher' },
  { id: 2, direction: 'lower' },
] as const

describe('compareVerdicts', () => {
  it('says what got better and what got worse, in the direction of each metric', () => {
    const before = [aVerdict({ passed: true }), aVerdict({ ...latency, score: 2400 })]
    const after = [aVerdict({ passed: false, score: 0 }), aVerdict({ ...latency, score: 900 })]
    const rows = compareVerdicts({ before, after }, METRICS)
    expect(rows.map(({ name, change }) => [name, change])).toEqual([
      ['Politeness', 'worse'],
      ['Latency', 'better'],
    ])
  })

  it('calls a value of no direction another one, and an equal one the same', () => {
    const topic = {
      metricId: 3,
      name: 'Topic',
      evalType: 'enum',
      score: null,
      passed: null,
    } as const
    const before = [aVerdict({ ...topic, valueText: 'billing' }), aVerdict()]
    const after = [aVerdict({ ...topic, valueText: 'refund' }), aVerdict()]
    const rows = compareVerdicts({ before, after }, METRICS)
    expect(rows.map(({ name, change }) => [name, change])).toEqual([
      ['Topic', 'other'],
      ['Politeness', 'same'],
    ])
  })

  it('does not compare numbers on different scales', () => {
    const before = [aVerdict({ ...latency, score: 2.4, unit: 's' })]
    const after = [aVerdict({ ...latency, score: 900 })]
    expect(compareVerdicts({ before, after }, METRICS)).toMatchObject([{ change: 'other' }])
  })

  it('keeps what only one call has, and leaves out what neither has', () => {
    const before = [aVerdict(), aVerdict({ ...latency, state: 'skipped', score: null })]
    const after = [aVerdict({ ...latency, state: 'failed', score: null })]
    expect(compareVerdicts({ before, after }, METRICS)).toMatchObject([
      { metricId: 1, change: 'missing', after: null },
    ])
  })
})
