import { open, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '#testing/temporary-folder.ts'
import { checkIntegrity, type Database, openDatabase } from './database.ts'

async function withDatabase(work: (database: Database, folder: string) => Promise<void>) {
  await using folder = await temporaryFolder()
  const database = await openDatabase({ dataDir: folder.path })
  try {
    await work(database, folder.path)
  } finally {
    await database.close()
  }
}

const note = (action: string) => ({ at: 1, actor: 'a', action, subject: 's' })

const actions = async ({ reader }: Database) =>
  (await reader.selectFrom('audit_log').select('action').orderBy('id').execute()).map(
    ({ action }) => action,
  )

describe('openDatabase', () => {
  it('makes the folder it needs', async () => {
    await using folder = await temporaryFolder()
    const dataDir = join(folder.path, 'a', 'b')
    const database = await openDatabase({ dataDir })
    await database.close()
    expect((await stat(join(dataDir, 'talktrack.db'))).size).toBeGreaterThan(0)
  })

  it('fails where the folder cannot be made or the file is no database', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'file'), '')
    await expect(openDatabase({ dataDir: join(folder.path, 'file', 'x') })).rejects.toThrow()
    await writeFile(join(folder.path, 'talktrack.db'), 'this is no database, but long enough text')
    await expect(openDatabase({ dataDir: folder.path })).rejects.toThrow(/not a database/)
  })

  it('syncs every commit to disk and holds references', () =>
    withDatabase(async ({ writer }) => {
      const pragma = async (name: string) =>
        Object.values(
          (await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(writer)).rows[0] ??
            {},
        )
      expect(await pragma('journal_mode')).toEqual(['wal'])
      expect(await pragma('synchronous')).toEqual([2]) // FULL
      expect(await pragma('foreign_keys')).toEqual([1])
    }))

  it('reads past an open transaction, and cannot write on the reading side', () =>
    withDatabase(async (database) => {
      await database.transaction(async (trx) => {
        await trx.insertInto('audit_log').values(note('inside')).execute()
        expect(await actions(database)).toEqual([])
      })
      expect(await actions(database)).toEqual(['inside'])
      const write = database.reader.insertInto('audit_log').values(note('x')).execute()
      await expect(write).rejects.toThrow(/readonly/)
    }))

  it('keeps all of a transaction or nothing, and lets others wait their turn', () =>
    withDatabase(async (database) => {
      const failing = database.transaction(async (trx) => {
        await trx.insertInto('audit_log').values(note('lost')).execute()
        await new Promise((resolve) => setImmediate(resolve))
        throw new Error('changed its mind')
      })
      const working = database.transaction(async (trx) => {
        await trx.insertInto('audit_log').values(note('kept')).execute()
      })
      await expect(failing).rejects.toThrow('changed its mind')
      await working
      expect(await actions(database)).toEqual(['kept'])
    }))

  it('lets two processes’ transactions that read before they write follow each other', async () => {
    await using folder = await temporaryFolder()
    const open = () => openDatabase({ dataDir: folder.path })
    const [one, other] = [await open(), await open()]
    const add = (database: Database) =>
      database.transaction(async (trx) => {
        const before = await trx.selectFrom('audit_log').select('id').execute()
        await trx
          .insertInto('audit_log')
          .values(note(String(before.length)))
          .execute()
      })
    // Within one process the busy timeout would block the other's turn, so they take turns here; what is tested
    // is that neither works on a snapshot from before the other's commit.
    for (let turn = 0; turn < 5; turn++) {
      await add(one)
      await add(other)
    }
    expect(await actions(one)).toEqual('0123456789'.split(''))
    await one.close()
    await other.close()
  })
})

describe('checkIntegrity', () => {
  it('finds nothing wrong with a sound database', () =>
    withDatabase(async (database) => {
      expect(await checkIntegrity(database)).toEqual([])
    }))

  it('names the damage in a broken one', async () => {
    await using folder = await temporaryFolder()
    const whole = await openDatabase({ dataDir: folder.path })
    for (let index = 0; index < 500; index++) {
      await whole.writer
        .insertInto('audit_log')
        .values(note('x'.repeat(200)))
        .execute()
    }
    await whole.close()
    const file = await open(join(folder.path, 'talktrack.db'), 'r+')
    const { size } = await file.stat()
    await file.write(Buffer.alloc(4096, 0xff), 0, 4096, size - 4096 * 3)
    await file.close()
    const broken = await openDatabase({ dataDir: folder.path })
    expect((await checkIntegrity(broken)).length).toBeGreaterThan(0)
    await broken.close()
  })
})

describe('values', () => {
  it('that SQLite would silently turn into null are refused', () =>
    withDatabase(async ({ writer }) => {
      const strange = new Date() as unknown as string
      const insert = writer.insertInto('audit_log').values({ ...note('x'), subject: strange })
      await expect(insert.execute()).rejects.toThrow('SQLite cannot store [object Date]')
    }))
})
