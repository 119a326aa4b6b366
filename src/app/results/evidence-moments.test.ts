import { describe, expect, it } from 'vitest'
import { anEvidence, aVerdict } from '#testing/verdict-builder.ts'
import { type EvidenceMoment, evidenceMoments, stepEvidence } from './evidence-moments.ts'

const at = (...seconds: (number | null)[]) =>
  evidenceMoments([
    aVerdict({ evidence: seconds.map((startSeconds) => anEvidence({ startSeconds })) }),
  ])

const secondsOf = (moment: EvidenceMoment | null) => moment?.startSeconds

describe('evidenceMoments', () => {
  it('orders the evidence of all results by time and remembers whose it is', () => {
    const moments = evidenceMoments([
      aVerdict({ metricId: 1, evidence: [anEvidence({ startSeconds: 9 })] }),
      aVerdict({
        metricId: 2,
        evidence: [anEvidence({ startSeconds: 12 }), anEvidence({ startSeconds: 3 })],
      }),
    ])
    expect(moments.map(({ metricId, index }) => [metricId, index])).toEqual([
      [2, 1],
      [1, 0],
      [2, 0],
    ])
  })

  it('leaves out what was not found, and what has neither a second nor a segment', () => {
    const evidence = [
      anEvidence({ isFound: false, startSeconds: 4 }),
      anEvidence({ segmentIndex: null, startSeconds: null }),
      anEvidence({ segmentIndex: null, startSeconds: 7 }),
    ]
    expect(evidenceMoments([aVerdict({ evidence })]).map(secondsOf)).toEqual([7])
  })
})

describe('stepEvidence', () => {
  it('goes on from where the playback is, and begins again past either end', () => {
    const moments = at(10, 20)
    const step = (seconds: number, direction: -1 | 1) =>
      secondsOf(stepEvidence(moments, { seconds, from: null, direction }))
    expect(step(0, 1)).toBe(10)
    expect(step(12, 1)).toBe(20)
    expect(step(20, 1)).toBe(10)
    expect(step(12, -1)).toBe(10)
    expect(step(20, -1)).toBe(10)
    expect(step(0, -1)).toBe(20)
  })

  it('stops once at a second that several results speak of, at what failed', () => {
    const moments = evidenceMoments([
      aVerdict({ metricId: 1, evidence: [anEvidence({ startSeconds: 10 })] }),
      aVerdict({ metricId: 2, passed: false, evidence: [anEvidence({ startSeconds: 10 })] }),
      aVerdict({ metricId: 3, evidence: [anEvidence({ startSeconds: 20 })] }),
    ])
    const first = stepEvidence(moments, { seconds: 0, from: null, direction: 1 })
    expect(first?.metricId).toBe(2)
    expect(stepEvidence(moments, { seconds: 10, from: first, direction: 1 })?.metricId).toBe(3)
  })

  it('takes the stop before while playing on from one', () => {
    const moments = at(10, 20, 30)
    // 1.5 s into the second: the one before it is the first, not the second again
    const from = moments[1] ?? null
    expect(secondsOf(stepEvidence(moments, { seconds: 21.5, from, direction: -1 }))).toBe(10)
  })

  it('forgets the last step once the playback has passed another moment', () => {
    const moments = at(10, 20, 30)
    const from = moments[0] ?? null
    // at 25 s the second has gone by: the next is the third, the previous the second
    expect(secondsOf(stepEvidence(moments, { seconds: 25, from, direction: 1 }))).toBe(30)
    expect(secondsOf(stepEvidence(moments, { seconds: 25, from, direction: -1 }))).toBe(20)
  })

  it('walks through evidence without times', () => {
    const moments = evidenceMoments([
      aVerdict({
        evidence: [
          anEvidence({ startSeconds: 10 }),
          anEvidence({ startSeconds: null, segmentIndex: 4 }),
          anEvidence({ startSeconds: null, segmentIndex: 6 }),
        ],
      }),
    ])
    const step = (from: EvidenceMoment | undefined) =>
      stepEvidence(moments, { seconds: 10, from: from ?? null, direction: 1 })
    expect(step(moments[0])).toBe(moments[1])
    expect(step(moments[1])).toBe(moments[2])
    expect(step(moments[2])).toBe(moments[0])
  })

  it('has nowhere to go without evidence', () => {
    expect(stepEvidence([], { seconds: 3, from: null, direction: 1 })).toBeNull()
  })
})
