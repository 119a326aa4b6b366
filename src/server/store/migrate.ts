import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Dialect } from './dialect.ts'
import { createTables } from './migrations/0001-create-tables.ts'
import { findCalls } from './migrations/0002-find-calls.ts'
import { judgeCalls } from './migrations/0003-judge-calls.ts'
import { reviewCalls } from './migrations/0004-review-calls.ts'
import type { Tables } from './tables.ts'

type NumberedMigration = (db: Kysely<Tables>, dialect: Dialect) => Promise<void>

/** Forward only; the number is the order. A migration that was released is never edited. */
const MIGRATIONS: Record<string, NumberedMigration> = {
  '0001-create-tables': createTables,
  '0002-find-calls': findCalls,
  '0003-judge-calls': judgeCalls,
  '0004-review-calls': reviewCalls,
}

/** Brings the database to the newest version. Throws, with the database unchanged, if a migration fails. */
export async function migrateToLatest(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const migrations = Object.fromEntries(
    Object.entries(MIGRATIONS).map(([name, up]): [string, Migration] => [
      name,
      { up: (trx) => up(trx as Kysely<Tables>, dialect) },
    ]),
  )
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error, results } = await migrator.migrateToLatest()
  if (error === undefined) return
  const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? 'unknown'
  throw new Error(`Migration ${failed} failed; the database is as it was`, { cause: error })
}

/** Names of the migrations this version knows that the database has not run. */
export async function pendingMigrations(db: Kysely<Tables>): Promise<string[]> {
  const migrations = Object.fromEntries(
    Object.keys(MIGRATIONS).map((name): [string, Migration] => [
      name,
      { up: async () => undefined },
    ]),
  )
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const known = await migrator.getMigrations()
  return known.filter((migration) => migration.executedAt === undefined).map(({ name }) => name)
}
