import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import type { Dialect } from './dialect.ts'
import { migrateToLatest } from './migrate.ts'
import { createSharedTransaction, type RunTransaction } from './shared-transaction.ts'
import { createSlowReader, type SlowReader } from './slow-reader.ts'
import { openSqlite, openSqliteForReading, sqliteDialect } from './sqlite.ts'
import type { Tables } from './tables.ts'

/** Where a function only reads, or joins a transaction that its caller opened. */
export type Connection = Kysely<Tables>

export type Database = {
  readonly dialect: Dialect
  /** Writes, and reads that must see them. */
  readonly writer: Connection
  /** Lists and details; never waits for an open transaction of the writer. */
  readonly reader: Connection
  /** Reads that may take longer than 50 ms, in threads of their own. */
  readonly slow: SlowReader
  /** Runs `work` in one transaction: all of it is kept, durably, or none. No network inside. */
  readonly transaction: RunTransaction
  /** As `transaction`, shared by all who ask at the same moment; `work` must be able to run twice. */
  readonly sharedTransaction: RunTransaction
  readonly close: () => Promise<void>
}

/** Opens `dataDir/talktrack.db`, making and migrating it where needed. Throws where the folder is not writable. */
export async function openDatabase({ dataDir }: { dataDir: string }): Promise<Database> {
  await mkdir(dataDir, { recursive: true })
  const file = join(dataDir, 'talktrack.db')
  const writer = openSqlite(file)
  await migrateToLatest(writer, sqliteDialect)
  const reader = openSqliteForReading(file)
  const slow = createSlowReader({ file, executor: reader })
  const transaction: RunTransaction = (work) => writer.transaction().execute(work)
  return {
    dialect: sqliteDialect,
    writer,
    reader,
    slow,
    transaction,
    sharedTransaction: createSharedTransaction(transaction),
    close: async () => {
      await slow.close()
      await reader.destroy()
      await writer.destroy()
    },
  }
}

/** A database to look at and not to change: not even migrated. */
export type DatabaseToInspect = Pick<Database, 'dialect' | 'reader' | 'close'>

/** Opens the database of a folder as it is; null if there is none yet. */
export async function inspectDatabase({
  dataDir,
}: {
  dataDir: string
}): Promise<DatabaseToInspect | null> {
  const file = join(dataDir, 'talktrack.db')
  if (!(await exists(file))) return null
  const reader = openSqliteForReading(file)
  return { dialect: sqliteDialect, reader, close: () => reader.destroy() }
}

/** Throws for every reason but absence: a folder that cannot be read is not an empty one. */
async function exists(file: string): Promise<boolean> {
  try {
    await stat(file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

/** What is broken inside the database, in its own words; empty if nothing is. Reads all of it. */
export function checkIntegrity(database: DatabaseToInspect): Promise<string[]> {
  return database.dialect.findDamage(database.reader)
}
