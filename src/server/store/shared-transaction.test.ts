import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTemporaryDatabase } from '#testing/call-builder.ts'
import type { Database } from './database.ts'

let database: Database
let close: () => Promise<void>
/** How many works each transaction began, by transaction. */
let begun: Map<unknown, number>

beforeAll(async () => {
  ;({ database, close } = await openTemporaryDatabase())
  await sql`create table kept (value integer not null unique)`.execute(database.writer)
})

beforeEach(async () => {
  begun = new Map()
  await sql`delete from kept`.execute(database.writer)
})

afterAll(() => close())

function keep(value: number): Promise<string> {
  return database.sharedTransaction(async (trx) => {
    begun.set(trx, (begun.get(trx) ?? 0) + 1)
    await sql`insert into kept (value) values (${value})`.execute(trx)
    return `kept ${value}`
  })
}

/** By another connection: what is not committed is not there. */
async function kept(): Promise<number[]> {
  const { rows } = await sql<{ value: number }>`select value from kept order by value`.execute(
    database.reader,
  )
  return rows.map(({ value }) => value)
}

describe('a shared transaction', () => {
  it('has what is asked for at once, and gives each its own result once it is kept', async () => {
    const seen = await Promise.all([
      keep(1).then(async (result) => [result, await kept()]),
      keep(2).then(async (result) => [result, await kept()]),
    ])
    expect(seen).toEqual([
      ['kept 1', [1, 2]],
      ['kept 2', [1, 2]],
    ])
    expect([...begun.values()]).toEqual([2])
  })

  it('is another one later, and never has more than 16', async () => {
    await keep(100)
    await Promise.all(Array.from({ length: 20 }, (_, value) => keep(value)))
    // 16 of the 20, then the other 4.
    expect([...begun.values()]).toEqual([1, 16, 4])
    expect(await kept()).toHaveLength(21)
  })

  it('keeps all but what fails', async () => {
    const outcomes = await Promise.allSettled([keep(1), keep(2), keep(1), keep(3)])
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(await kept()).toEqual([1, 2, 3])
    // Together until the third failed, then each alone.
    expect([...begun.values()]).toEqual([3, 1, 1, 1, 1])
  })
})
