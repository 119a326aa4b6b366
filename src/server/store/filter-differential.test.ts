import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTemporaryDatabase } from '#testing/call-builder.ts'
import { compareFilters } from '#testing/compare-filters.ts'
import { storeRandomCalls } from '#testing/random-calls.ts'
import type { CallFacts } from '#testing/reference-filter.ts'
import type { Database } from './database.ts'

const CALLS = 40
const FILTERS = 20_000

let database: Database
let close: () => Promise<void>
let facts: Map<number, CallFacts>

beforeAll(async () => {
  const opened = await openTemporaryDatabase()
  database = opened.database
  close = opened.close
  facts = await storeRandomCalls(database, { count: CALLS, random: createRandom(5) })
})

afterAll(() => close())

/** Numbers in 0..1, the same in every run. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) / 2 ** 24
  }
}

describe('filters in SQL and their explanation', () => {
  it(`agree with the reference on ${FILTERS} random filters over ${CALLS} random calls`, {
    timeout: 300_000,
  }, async () => {
    expect(facts.size).toBe(CALLS)
    await compareFilters(database, { facts, count: FILTERS, seed: 20_261_121, checkEach: 10 })
  })
})
