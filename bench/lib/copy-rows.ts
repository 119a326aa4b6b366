import type { DatabaseSync, SQLInputValue } from 'node:sqlite'

export type SqlRow = Record<string, SQLInputValue>

/** As the server opens its own database: what was committed survives a crash. */
export const SERVER_PRAGMAS =
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON'

/** A prepared insert of rows that all have the columns of `sample`. */
export function prepareInsert(
  db: DatabaseSync,
  { table, sample }: { table: string; sample: SqlRow },
): (row: SqlRow) => void {
  const columns = Object.keys(sample)
  const places = columns.map(() => '?').join(', ')
  const statement = db.prepare(`insert into ${table} (${columns.join(', ')}) values (${places})`)
  return (row) => {
    statement.run(...columns.map((column) => row[column] ?? null))
  }
}

/** Rows as plain objects, empty if there are none. */
export function readRows(
  db: DatabaseSync,
  query: string,
  parameters: readonly SQLInputValue[] = [],
): SqlRow[] {
  return db.prepare(query).all(...parameters)
}

export function readRow(
  db: DatabaseSync,
  query: string,
  parameters: readonly SQLInputValue[] = [],
): SqlRow {
  const [row] = readRows(db, query, parameters)
  if (!row) throw new Error(`No row for: ${query}`)
  return row
}

/** A number from the first column of the first row. */
export function readNumber(db: DatabaseSync, query: string): number {
  return Number(Object.values(readRow(db, query))[0])
}
