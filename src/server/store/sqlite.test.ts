import { join } from 'node:path'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTemporaryDatabase, saying, storeCalls } from '#testing/call-builder.ts'
import { checkIntegrity, type Database } from './database.ts'
import { openSqlite, openSqliteForReading } from './sqlite.ts'

let database: Database
let dataDir: string
let close: () => Promise<void>
let ids: number[]

const SPOKEN = [
  'Good morning, how can I help?',
  'My café order, number 4711, is late',
  'Guten Morgen, Ärger mit dem Router',
  'نعم صباح الخير',
  '早上好 再见',
]

beforeAll(async () => {
  ;({ database, dataDir, close } = await openTemporaryDatabase())
  ids = await storeCalls(
    database,
    SPOKEN.map((text, index) => ({
      callId: `call-${index}`,
      fields: { customer_number: `+1555010${index}`, trace_id: index === 0 ? 'abc%def' : '' },
      content: saying(text),
    })),
  )
})

afterAll(() => close())

/** The places in `SPOKEN` of the calls that a text finds. */
async function found(text: string): Promise<number[]> {
  const rows = await database.reader
    .selectFrom('call')
    .select('id')
    .where(database.dialect.matchesText(database.reader, text))
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => ids.indexOf(id))
}

describe('matching text', () => {
  it.each([
    ['morning', [0]],
    ['MORN', [0]],
    ['help good', [0]],
    ['hel good', []],
    ['cafe', [1]],
    ['café', [1]],
    ['cafe\u0301', [1]],
    ['4711', [1]],
    ['arger', [2]],
    ['صباح', [3]],
    ['早上好', [4]],
    ['call-3', [3]],
    ['all-', [0, 1, 2, 3, 4]],
    ['ALL-4', [4]],
    ['5550102', [2]],
    ['abc%def', [0]],
    ['abc_def', []],
    ['', []],
    ['..', []],
    // Who speaks and when is not what was said.
    ['agent', []],
    ['00', []],
  ])('finds for %j the calls %j', async (text, places) => {
    expect(await found(text)).toEqual(places)
  })

  it('takes every character as text', async () => {
    const scrap = fc.constantFrom(
      '"',
      "'",
      '*',
      '(',
      ')',
      ':',
      '^',
      '-',
      '+',
      '{',
      '\0',
      ' ',
      'AND',
      'OR',
      'NOT',
      'NEAR',
      'morning',
      '\ud800',
      '%',
      '\\',
    )
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(scrap).map((parts) => parts.join('')),
    )
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        expect(Array.isArray(await found(text))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('finds every call by any part of its own id from three characters on', async () => {
    const part = fc.record({
      place: fc.integer({ min: 0, max: SPOKEN.length - 1 }),
      from: fc.integer({ min: 0, max: 3 }),
      length: fc.integer({ min: 3, max: 6 }),
    })
    await fc.assert(
      fc.asyncProperty(part, async ({ place, from, length }) => {
        expect(await found(`call-${place}`.slice(from, from + length))).toContain(place)
      }),
      { numRuns: 50 },
    )
  })

  it('forgets what was replaced or removed', async () => {
    const [id = 0] = await storeCalls(database, [{ callId: 'gone', content: saying('platypus') }])
    expect(await found('platypus')).toHaveLength(1)
    await database.dialect.indexText(database.writer, {
      callId: id,
      identifiers: 'gone',
      spokenTexts: ['wombat'],
    })
    expect(await found('platypus')).toEqual([])
    expect(await found('wombat')).toHaveLength(1)
    await database.dialect.removeText(database.writer, id)
    expect(await found('wombat')).toEqual([])
    expect(await found('gone')).toEqual([])
  })
})

describe('a connection', () => {
  const file = () => join(dataDir, 'talktrack.db')

  it('is durable, checks foreign keys and writes ahead', async () => {
    const pragma = async (name: string) => {
      const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(
        database.writer,
      )
      return Object.values(rows[0] ?? {})[0]
    }
    // 2 is FULL: a commit is on disk when it returns.
    expect(await pragma('synchronous')).toBe(2)
    expect(await pragma('foreign_keys')).toBe(1)
    expect(await pragma('journal_mode')).toBe('wal')
  })

  it('for reading cannot write', async () => {
    const reader = openSqliteForReading(file())
    const write = reader.updateTable('project').set({ name: 'x' }).execute()
    await expect(write).rejects.toThrow(/readonly/)
    await reader.destroy()
  })

  it('refuses values that SQLite would take for null without a word', async () => {
    const store = (value: unknown) => sql`select ${value} as value`.execute(database.writer)
    for (const value of [new Date(), { a: 1 }, [1], Symbol('x')]) {
      await expect(store(value)).rejects.toThrow(/SQLite cannot store/)
    }
    expect((await store(true)).rows).toEqual([{ value: 1 }])
    expect((await store(undefined)).rows).toEqual([{ value: null }])
    expect((await store('a\0b')).rows).toEqual([{ value: 'a\0b' }])
  })

  it('holds the write lock from the start of a transaction', async () => {
    const other = openSqlite(file())
    await database.transaction(async (trx) => {
      await trx.selectFrom('project').select('id').execute()
      await sql`pragma busy_timeout = 0`.execute(other)
      const write = other.updateTable('project').set({ name: 'theirs' }).execute()
      await expect(write).rejects.toThrow(/locked/)
    })
    await other.destroy()
  })

  it('keeps nothing of a transaction that fails', async () => {
    const work = database.transaction(async (trx) => {
      await trx.updateTable('project').set({ name: 'half done' }).execute()
      throw new Error('stop')
    })
    await expect(work).rejects.toThrow('stop')
    const project = await database.reader.selectFrom('project').select('name').executeTakeFirst()
    expect(project?.name).not.toBe('half done')
  })

  it('finds no damage in a sound file', async () => {
    expect(await checkIntegrity(database)).toEqual([])
  })
})
