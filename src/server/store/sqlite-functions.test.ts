import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '#testing/temporary-folder.ts'
import { createSlowReader } from './slow-reader.ts'
import { openSqlite, openSqliteForReading, sqliteDialect } from './sqlite.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const open = () => {
  const file = join(folder.path, 'talktrack.db')
  const [writer, reader] = [openSqlite(file), openSqliteForReading(file)]
  return { writer, reader, slow: createSlowReader({ file, executor: reader }) }
}
let connections: ReturnType<typeof open>

beforeAll(async () => {
  folder = await temporaryFolder()
  connections = open()
})

afterAll(async () => {
  await connections.slow.close()
  await connections.reader.destroy()
  await connections.writer.destroy()
  await folder[Symbol.asyncDispose]()
})

async function resultOf(expression: ReturnType<typeof sql>): Promise<unknown> {
  const query = sql<{ value: unknown }>`select ${expression} as value`
  return (await query.execute(connections.reader)).rows[0]?.value
}

describe('our SQL functions', () => {
  it('are the same on every connection', async () => {
    const query = sql`select regexp_matches('a.c', 'xabcx') as matches, fold_case('ÄK') as folded,
      ${sqliteDialect.stopsWhenUnwanted('n.id')} as wanted from (select 256 as id) as n`
    const expected = [{ matches: 1, folded: 'äk', wanted: 1 }]
    expect((await query.execute(connections.writer)).rows).toEqual(expected)
    expect((await query.execute(connections.reader)).rows).toEqual(expected)
    expect(await connections.slow.run(query)).toEqual(expected)
  })
})

describe('regexp_matches', () => {
  it.each([
    ['b+', 'abbc', 1],
    ['^b', 'abbc', 0],
    ['B', 'abbc', 0],
    ['(?i)B', 'abbc', 1],
    ['', '', 1],
    ['^\\p{Greek}+$', 'Καλημερα', 1],
    ['42', 1423, 1],
    [null, 'a', null],
    ['a', null, null],
  ])('%j in %j: %j', async (pattern, text, expected) => {
    expect(await resultOf(sql`regexp_matches(${pattern}, ${text})`)).toBe(expected)
  })

  it('fails with the reason where the pattern is none', async () => {
    await expect(resultOf(sql`regexp_matches('a(b', 'x')`)).rejects.toThrow('missing closing )')
  })

  it('takes time in proportion to the text, whatever the pattern', async () => {
    // A backtracking engine would try 2 ** 50,000 ways.
    const text = 'a'.repeat(50_000)
    expect(await resultOf(sql`regexp_matches('^(a+)+$', ${`${text}!`})`)).toBe(0)
  }, 10_000)

  it('still knows the first pattern after many others', async () => {
    const patterns = [...Array.from({ length: 120 }, (_, index) => `^${index}$`), '^0$']
    const found = await Promise.all(
      patterns.map((pattern) => resultOf(sql`regexp_matches(${pattern}, '0')`)),
    )
    expect(found.map(Number).reduce((sum, value) => sum + value, 0)).toBe(2) // the first and the last
  })
})

describe('fold_case', () => {
  it.each([
    ['ÄRGER Straße', 'ärger straße'],
    ['\u212a\u0130', '\u212a\u0130'],
    [12, '12'],
    [null, null],
  ])('%j: %j', async (text, expected) => {
    expect(await resultOf(sql`fold_case(${text})`)).toBe(expected)
  })

  it('refuses bytes', async () => {
    await expect(resultOf(sql`fold_case(${new Uint8Array([65])})`)).rejects.toThrow('not bytes')
  })
})
