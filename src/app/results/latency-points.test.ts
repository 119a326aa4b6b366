import { describe, expect, it } from 'vitest'
import { aVerdict } from '#testing/verdict-builder.ts'
import { latencyTurns, plotLatency, turnAt } from './latency-points.ts'

const turn = (startSeconds: number, valueMs: number) => ({
  startSeconds,
  endSeconds: startSeconds + valueMs / 1000,
  valueMs,
})

describe('plotLatency', () => {
  it('places turns by their time and their wait', () => {
    const { points, meanMs, topMs } = plotLatency([turn(10, 1000), turn(50, 4000)], {
      durationSeconds: 100,
      budgetMs: 2000,
    })
    // top: 4000 · 1.1 = 4400; mean: (1000 + 4000) / 2 = 2500; the middle between 0.1 and 0.5 is 0.3
    expect(topMs).toBeCloseTo(4400)
    expect(meanMs).toBe(2500)
    expect(points.map(({ x, from, to }) => [x, from, to])).toEqual([
      [0.1, 0, 0.3],
      [0.5, 0.3, 1],
    ])
    expect(points[1]?.y).toBeCloseTo(1 / 1.1)
    expect(points.map(({ isSlow }) => isSlow)).toEqual([false, true])
  })

  it('keeps the line of slow replies on the chart where every reply was quick', () => {
    expect(plotLatency([turn(1, 300)], { durationSeconds: 10, budgetMs: 2000 }).topMs).toBe(2500)
  })

  it('draws a reply before the caller had ended at the bottom', () => {
    const { points, meanMs } = plotLatency([turn(5, -400)], { durationSeconds: 10, budgetMs: 2000 })
    expect(points[0]?.y).toBe(0)
    expect(meanMs).toBe(0)
  })

  it('has room for turns past a length that was too short', () => {
    expect(
      plotLatency([turn(5, 100), turn(20, 100)], { durationSeconds: 10, budgetMs: 2000 }).points.at(
        -1,
      )?.x,
    ).toBe(1)
  })
})

describe('turnAt', () => {
  it('finds the turn that the playback is in', () => {
    const turns = [turn(10, 500), turn(20, 500)]
    expect([0, 10, 15, 19.97, 99].map((seconds) => turnAt(turns, seconds))).toEqual([
      -1, 0, 0, 1, 1,
    ])
  })
})

describe('latencyTurns', () => {
  it('takes the turns of the result that has some, by start', () => {
    const turns = [turn(20, 1), turn(10, 2)]
    const verdicts = [
      aVerdict(),
      aVerdict({ extra: { turns: [] } }),
      aVerdict({ extra: { turns } }),
    ]
    expect(latencyTurns(verdicts).map(({ startSeconds }) => startSeconds)).toEqual([10, 20])
    expect(latencyTurns([aVerdict()])).toEqual([])
  })
})
