// Without Kysely, which takes as long to load as a thread that reads takes to start.
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { addFunctions } from './sqlite-functions.ts'

const BUSY_TIMEOUT_MS = 5000
/** Far more than the product's queries; lists of ids of every length must not grow it without end. */
const MAX_PREPARED = 500

/**
 * Lists jump about in a large database: its pages are read where the system keeps them, not copied each time. SQLite
 * maps 2 GB at most; of what lies behind, each connection keeps 16 MB.
 */
const READING = 'PRAGMA mmap_size = 2147418112; PRAGMA cache_size = -16384'

/** One `node:sqlite` connection in the shape Kysely's SQLite dialect was made for. */
export type SqliteConnection = ReturnType<typeof toDatabase>

/** WAL and `synchronous=FULL`: what was committed survives a crash. */
export function connectForWriting(file: string): SqliteConnection {
  const raw = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS })
  raw.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  addFunctions(raw, goOn)
  return toDatabase(raw)
}

/** `stopIfUnwanted` throws to end the statement that runs; SQLite itself offers no way to, through `node:sqlite`. */
export function connectForReading(
  file: string,
  stopIfUnwanted: () => void = goOn,
): SqliteConnection {
  const raw = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, readOnly: true })
  raw.exec(READING)
  addFunctions(raw, stopIfUnwanted)
  return toDatabase(raw)
}

function goOn(): void {
  // Short statements are never stopped.
}

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
