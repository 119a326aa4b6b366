import { join } from 'node:path'
import { Migrator } from 'kysely/migration'
import { describe, expect, it } from 'vitest'
import { runProgram } from '#testing/child-program.ts'
import { temporaryFolder } from '#testing/temporary-folder.ts'
import { openDatabase } from './database.ts'
import { migrateToLatest, pendingMigrations } from './migrate.ts'
import { openSqlite, sqliteDialect } from './sqlite.ts'

const ALL = ['0001-create-tables', '0002-find-calls', '0003-judge-calls', '0004-review-calls']

describe('migrateToLatest', () => {
  it('makes the schema once and leaves data alone from then on', async () => {
    await using folder = await temporaryFolder()
    const db = openSqlite(join(folder.path, 'x.db'))
    expect(await pendingMigrations(db)).toEqual(ALL)
    await migrateToLatest(db, sqliteDialect)
    expect(await pendingMigrations(db)).toEqual([])
    await db
      .insertInto('audit_log')
      .values({ at: 1, actor: 'a', action: 'b', subject: 'c' })
      .execute()
    await migrateToLatest(db, sqliteDialect)
    expect(await db.selectFrom('audit_log').selectAll().execute()).toHaveLength(1)
    await db.destroy()
  })

  it('leaves the database unchanged where a migration fails, and says which one', async () => {
    await using folder = await temporaryFolder()
    const db = openSqlite(join(folder.path, 'x.db'))
    const failing = {
      ...sqliteDialect,
      createTextIndexes: async () => {
        throw new Error('no fts5')
      },
    }
    await expect(migrateToLatest(db, failing)).rejects.toThrow(
      'Migration 0001-create-tables failed; the database is as it was',
    )
    const tables = await db.introspection.getTables()
    expect(tables.map(({ name }) => name)).toEqual([])
    await migrateToLatest(db, sqliteDialect)
    expect(await pendingMigrations(db)).toEqual([])
    await db.destroy()
  })

  it('refuses a database that a newer version has changed', async () => {
    await using folder = await temporaryFolder()
    const db = openSqlite(join(folder.path, 'x.db'))
    await migrateToLatest(db, sqliteDialect)
    const nothing = { up: async () => undefined }
    const names = [...ALL, '9999-from-the-future']
    const provider = {
      getMigrations: async () => Object.fromEntries(names.map((name) => [name, nothing])),
    }
    await new Migrator({ db, provider }).migrateToLatest()
    await expect(migrateToLatest(db, sqliteDialect)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('9999-from-the-future') },
    })
    await db.destroy()
  })

  it('is done once where several processes open a new database at the same time', async () => {
    await using folder = await temporaryFolder()
    const environment = { DATA_DIR: folder.path }
    const runs = await Promise.all(
      [1, 2, 3].map((name) =>
        runProgram('src/server/cli/main.ts', { args: ['keys', 'create', `k${name}`], environment }),
      ),
    )
    for (const { code, output } of runs) expect({ code, output }).toMatchObject({ code: 0 })
    const database = await openDatabase({ dataDir: folder.path })
    const count = async (table: 'project' | 'api_key') =>
      (await database.reader.selectFrom(table).select('id').execute()).length
    expect([await count('project'), await count('api_key')]).toEqual([1, 3])
    await database.close()
  })
})
