import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Kysely, SqliteAdapter, SqliteDialect, sql } from 'kysely'
import type { Dialect } from './dialect.ts'
import type { Tables } from './tables.ts'

const BUSY_TIMEOUT_MS = 5000
/** Far more than the product's queries; lists of ids of every length must not grow it without end. */
const MAX_PREPARED = 500
/** FTS5's trigram index answers from three characters on; shorter texts are looked for as words only. */
const SHORTEST_SUBSTRING = 3

/** Kysely over one `node:sqlite` connection. WAL and `synchronous=FULL`: what was committed survives a crash. */
export function openSqlite(file: string): Kysely<Tables> {
  const raw = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS })
  raw.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  return new Kysely<Tables>({ dialect: new TransactionalDialect({ database: toDatabase(raw) }) })
}

/** A second connection for reads, so that a list never waits for an open write transaction. */
export function openSqliteForReading(file: string): Kysely<Tables> {
  const raw = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, readOnly: true })
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: toDatabase(raw) }) })
}

/** Kysely takes SQLite's schema changes for ones that cannot be rolled back. They can: a crash leaves none half-made. */
class TransactionalDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter()
  }
}

class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/** `node:sqlite` in the shape Kysely's SQLite dialect was made for. */
function toDatabase(raw: DatabaseSync) {
  const prepared = new Map<string, PreparedStatement>()
  return {
    close: () => raw.close(),
    prepare(text: string): PreparedStatement {
      const known = prepared.get(text)
      if (known) return known
      const statement = prepare(raw, text)
      if (prepared.size >= MAX_PREPARED) prepared.clear()
      prepared.set(text, statement)
      return statement
    },
  }
}

type PreparedStatement = ReturnType<typeof prepare>

function prepare(raw: DatabaseSync, text: string) {
  // A transaction that reads before it writes must hold the write lock from its start, or two
  // processes deadlock and one fails with "database is locked" whatever the busy timeout.
  const statement = raw.prepare(text === 'begin' ? 'begin immediate' : text)
  return {
    reader: statement.columns().length > 0,
    all: (parameters: readonly unknown[]) => statement.all(...parameters.map(toSqlValue)),
    run: (parameters: readonly unknown[]) => statement.run(...parameters.map(toSqlValue)),
    // A statement that is being walked must not be run again meanwhile, so it is one of its own.
    iterate: (parameters: readonly unknown[]) =>
      raw.prepare(text).iterate(...parameters.map(toSqlValue)) as IterableIterator<unknown>,
  }
}

/** `node:sqlite` binds unknown objects as null without a word; here they are refused. */
function toSqlValue(value: unknown): SQLInputValue {
  if (value === undefined || value === null) return null
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    return value
  }
  if (value instanceof Uint8Array) return value
  throw new TypeError(`SQLite cannot store ${Object.prototype.toString.call(value)}`)
}

export const sqliteDialect: Dialect = {
  name: 'sqlite',
  generatedKey: (column) => column.primaryKey().autoIncrement(),
  bytesType: 'blob',

  async findDamage(db) {
    try {
      const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db)
      return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok')
    } catch (error) {
      // Some damage is too great for the check itself.
      return [error instanceof Error ? error.message : String(error)]
    }
  },

  async createTextIndexes(db) {
    await sql`create virtual table call_text using fts5(
      transcript_text, content = '', contentless_delete = 1,
      tokenize = 'unicode61 remove_diacritics 2', prefix = '3')`.execute(db)
    await sql`create virtual table call_identifier using fts5(
      identifiers, content = '', contentless_delete = 1, tokenize = 'trigram')`.execute(db)
  },

  async indexText(db, { callId, identifiers, transcriptText }) {
    await sql`insert or replace into call_text (rowid, transcript_text)
      values (${callId}, ${transcriptText})`.execute(db)
    await sql`insert or replace into call_identifier (rowid, identifiers)
      values (${callId}, ${identifiers})`.execute(db)
  },

  async removeText(db, callId) {
    await sql`delete from call_text where rowid = ${callId}`.execute(db)
    await sql`delete from call_identifier where rowid = ${callId}`.execute(db)
  },

  matchesText(_db, text) {
    const words = toWordQuery(text)
    const substring = toSubstringQuery(text)
    const byWords =
      words === null
        ? sql<number>`select null where 0`
        : sql<number>`select rowid from call_text where call_text match ${words}`
    if (substring === null) return sql<boolean>`call.id in (${byWords})`
    return sql<boolean>`call.id in (${byWords} union
      select rowid from call_identifier where call_identifier match ${substring})`
  },
}

/** Every word quoted, so that no character is FTS5 syntax; the last one matches as a prefix. */
function toWordQuery(text: string): string | null {
  const words = text.normalize('NFC').match(/[\p{L}\p{N}]+/gu)
  return words === null ? null : `${words.map((word) => `"${word}"`).join(' ')}*`
}

/** FTS5 reads its query up to the first null character. */
function toSubstringQuery(text: string): string | null {
  const trimmed = text.replaceAll('\0', '').trim()
  if ([...trimmed].length < SHORTEST_SUBSTRING) return null
  return `"${trimmed.replaceAll('"', '""')}"`
}
