import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTemporaryDatabase } from '#testing/call-builder.ts'
import { takeSample } from './metric-sampling.ts'
import { ensureMetric } from './metrics.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>
let lastMetric = 0

beforeAll(async () => {
  store = await openTemporaryDatabase()
})

afterAll(() => store.close())

/** Which of so many calls a new metric judges, counted from 1. */
async function taken(rate: number, callCount: number): Promise<number[]> {
  lastMetric += 1
  const definition = { projectId: 1, code: `m-${lastMetric}`, name: 'M', unit: '', now: 0 }
  return store.database.transaction(async (trx) => {
    const metricId = await ensureMetric(trx, { ...definition, evalType: 'numeric', enumValues: [] })
    const numbers: number[] = []
    for (let number = 1; number <= callCount; number++) {
      if (await takeSample(trx, { metricId, rate })) numbers.push(number)
    }
    return numbers
  })
}

describe('takeSample', () => {
  it('takes the 4th, 7th and 10th call at a rate of 0.3', async () => {
    // Sums: 0.3, 0.6, 0.9, 1.2 → 0.2, 0.5, 0.8, 1.1 → 0.1, 0.4, 0.7, 1.0
    expect(await taken(0.3, 10)).toEqual([4, 7, 10])
  })

  it('takes exactly a tenth of a thousand calls, and a third of three hundred', async () => {
    expect(await taken(0.1, 1000)).toHaveLength(100)
    expect(await taken(1 / 3, 300)).toHaveLength(100)
  })

  it('takes every call at 1 and none at 0', async () => {
    expect(await taken(1, 5)).toEqual([1, 2, 3, 4, 5])
    expect(await taken(0, 5)).toEqual([])
  })

  it('has taken exactly its share of the calls after each of them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 1, max: 120 }),
        async (thousandths, callCount) => {
          const numbers = await taken(thousandths / 1000, callCount)
          for (let seen = 1; seen <= callCount; seen++) {
            const count = numbers.filter((number) => number <= seen).length
            expect(count).toBe(Math.floor((thousandths * seen) / 1000))
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it('counts each metric for itself', async () => {
    const [one, other] = [await taken(0.5, 1), await taken(0.5, 2)]
    expect([one, other]).toEqual([[], [2]])
  })
})
