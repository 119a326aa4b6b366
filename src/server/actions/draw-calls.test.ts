import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { QueryCancelled } from '../store/slow-read-errors.ts'
import { mixIn, sampleOf, without } from './draw-calls.ts'

const { signal } = new AbortController()
const HUNDRED = Array.from({ length: 100 }, (_, index) => index)

describe('sampleOf', () => {
  it('gives as many as asked for, each once and in their order', async () => {
    const sample = await sampleOf(HUNDRED, { count: 20, random: Math.random, signal })
    expect(new Set(sample).size).toBe(20)
    expect(sample).toEqual(sample.toSorted((a, b) => a - b))
  })

  it('gives all where there are no more', async () => {
    expect(await sampleOf([1, 2], { count: 5, random: Math.random, signal })).toEqual([1, 2])
  })

  it('prefers no place: every item is about as likely as any other', async () => {
    const counts = HUNDRED.map(() => 0)
    for (let round = 0; round < 2000; round += 1) {
      for (const item of await sampleOf(HUNDRED, { count: 10, random: Math.random, signal })) {
        counts[item] = (counts[item] ?? 0) + 1
      }
    }
    // 2000 rounds of 10 in 100: 200 each, with a standard deviation of 13.4; seven of them are 94.
    expect(Math.min(...counts)).toBeGreaterThan(106)
    expect(Math.max(...counts)).toBeLessThan(294)
  })
})

describe('a million calls', () => {
  const million = Array.from({ length: 1_000_000 }, (_, index) => index)

  it('are told apart and drawn from while others have their turns', async () => {
    let isOver = false
    let turnCount = 0
    const counting = (async () => {
      while (!isOver) {
        await setImmediate()
        turnCount += 1
      }
    })()
    const left = await without(million, { others: million.slice(2), signal })
    expect(left).toEqual([0, 1])
    expect(await sampleOf(million, { count: 3, random: Math.random, signal })).toHaveLength(3)
    isOver = true
    await counting
    expect(turnCount).toBeGreaterThan(40)
  })

  it('are left alone once nobody waits for them any more', async () => {
    const aborted = AbortSignal.abort()
    const drawing = sampleOf(million, { count: 3, random: Math.random, signal: aborted })
    await expect(drawing).rejects.toThrow(QueryCancelled)
    const telling = without(million, { others: [1], signal: aborted })
    await expect(telling).rejects.toThrow(QueryCancelled)
  })
})

describe('mixIn', () => {
  it('keeps everything, and the items in their order', () => {
    const mixed = mixIn([1, 2, 3, 4], [-1, -2], Math.random)
    expect(mixed.filter((item) => item > 0)).toEqual([1, 2, 3, 4])
    expect(mixed.filter((item) => item < 0).toSorted((a, b) => a - b)).toEqual([-2, -1])
  })

  it('puts the others anywhere, not at one end', () => {
    const places = new Set<number>()
    for (let round = 0; round < 200; round += 1)
      places.add(mixIn([1, 2], [-1], Math.random).indexOf(-1))
    expect(places).toEqual(new Set([0, 1, 2]))
  })
})
