import { Kysely, type RawBuilder, type SqlBool, SqliteAdapter, SqliteDialect, sql } from 'kysely'
import { foldCase } from '#contract/fold-case.ts'
import type { Dialect, IdRange } from './dialect.ts'
import { type SpokenPhrase, searchPhrases, toIndexedText, wordsPhrase } from './spoken-words.ts'
import { connectForReading, connectForWriting } from './sqlite-connection.ts'
import type { Tables } from './tables.ts'

/** FTS5's trigram index answers from three characters on; shorter texts are looked for as words only. */
const SHORTEST_SUBSTRING = 3
/** Asking costs 70 ns, counting rows 25 ns each. At 0.1 ms a row, which is slow, this is every 25 ms. */
const ROWS_BETWEEN_CHECKS = 256

/** Kysely over one connection that may write. */
export function openSqlite(file: string): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: new TransactionalDialect({ database: connectForWriting(file) }),
  })
}

/** A second connection for reads, so that a list never waits for an open write transaction. */
export function openSqliteForReading(file: string): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: connectForReading(file) }) })
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

export const sqliteDialect: Dialect = {
  name: 'sqlite',
  generatedKey: (column) => column.primaryKey().autoIncrement(),
  bytesType: 'blob',
  clustered: (table) => table.modifyEnd(sql`without rowid`),

  stopsWhenUnwanted(column) {
    const rest = sql`${sql.ref(column)} % ${sql.lit(ROWS_BETWEEN_CHECKS)}`
    return sql<SqlBool>`(${rest} <> 0 or still_wanted())`
  },

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

  async indexText(db, { callId, identifiers, spokenTexts }) {
    await sql`insert or replace into call_text (rowid, transcript_text)
      values (${callId}, ${toIndexedText(spokenTexts)})`.execute(db)
    await sql`insert or replace into call_identifier (rowid, identifiers)
      values (${callId}, ${identifiers})`.execute(db)
  },

  async removeText(db, callId) {
    await sql`delete from call_text where rowid = ${callId}`.execute(db)
    await sql`delete from call_identifier where rowid = ${callId}`.execute(db)
  },

  findText(text, range) {
    const words = toWordQuery(text)
    const substring = toSubstringQuery(text)
    const byWords = words === null ? NOTHING : textMatches(words, range)
    if (substring === null) return byWords
    return sql`${byWords} union all ${identifierMatches(substring, range)}`
  },

  matchesText(_db, text, range) {
    return sql<SqlBool>`call.id in (${sqliteDialect.findText(text, range)})`
  },

  rankText(text, { projectId, limit }) {
    const words = toWordQuery(text)
    const substring = toSubstringQuery(text)
    const byWords = sql`select rowid as id, bm25(call_text) as rank from call_text
      where call_text match ${words} and ${isOfProject('call_text', projectId)} order by rowid desc limit ${limit}`
    const byIdentifier = sql`select rowid as id, ${BEST_RANK} as rank from call_identifier
      where call_identifier match ${substring} and ${isOfProject('call_identifier', projectId)}
      order by rowid desc limit ${limit}`
    const parts = [
      ...(words === null ? [] : [byWords]),
      ...(substring === null ? [] : [byIdentifier]),
    ].map((part) => sql`select * from (${part})`)
    if (parts.length === 0) return sql`select null as id, null as rank where 0`
    return sql`select id, min(rank) as rank from (${sql.join(parts, sql` union all `)}) group by id`
  },

  findPhrase(text, range) {
    const phrase = wordsPhrase(text)
    return phrase === null ? NOTHING : textMatches(toPhraseQuery(phrase), range)
  },

  // Not `like`: it ends at a null character.
  testText({ value, op, needle }) {
    const isAscii = /^[\0-\x7f]*$/.test(needle)
    const text = isAscii ? sql`lower(${value})` : sql`fold_case(${value})`
    const wanted = foldCase(needle)
    switch (op) {
      case 'contains':
        return sql<SqlBool>`(instr(${text}, ${wanted}) > 0)`
      case 'startswith':
        return sql<SqlBool>`(instr(${text}, ${wanted}) = 1)`
      case 'endswith':
        if (wanted === '') return sql<SqlBool>`(${value} is not null)`
        return sql<SqlBool>`(substr(cast(${text} as blob), ${-Buffer.byteLength(wanted)})
          = cast(${wanted} as blob))`
      default:
        return op satisfies never
    }
  },

  // Each value is compared as a column's would be: JSON's have no affinity, as bound ones have none.
  isOneOf(value, list) {
    return sql<SqlBool>`(${value} in (select value from json_each(${JSON.stringify(list)})))`
  },

  matchesPattern(value, pattern) {
    return sql<SqlBool>`(regexp_matches(${pattern}, ${value}) = 1)`
  },
}

const NOTHING = sql<{ id: number }>`select null as id where 0`
/** Below every rank that bm25 gives. */
const BEST_RANK = -1e9

/** Of an index's row. Asked row by row: FTS5 would look for its words anew for each id of a list. */
function isOfProject(
  index: 'call_text' | 'call_identifier',
  projectId: number,
): RawBuilder<SqlBool> {
  const id = sql.ref(`${index}.rowid`)
  return sql`exists (select 1 from call where call.id = ${id} and call.project_id = ${projectId}
    and ${sqliteDialect.stopsWhenUnwanted('call.id')})`
}

function textMatches(query: string, range: IdRange | undefined): RawBuilder<{ id: number }> {
  return sql`select rowid as id from call_text where call_text match ${query} ${within(range)}`
}

function identifierMatches(query: string, range: IdRange | undefined): RawBuilder<{ id: number }> {
  return sql`select rowid as id from call_identifier
    where call_identifier match ${query} ${within(range)}`
}

function within(range: IdRange | undefined): RawBuilder<unknown> {
  return range === undefined ? sql`` : sql`and rowid between ${range.first} and ${range.last}`
}

function toWordQuery(text: string): string | null {
  const phrases = searchPhrases(text)
  return phrases.length === 0 ? null : phrases.map(toPhraseQuery).join(' AND ')
}

/** Quoted, so that no word is FTS5 syntax; words are letters and digits alone. */
function toPhraseQuery({ words, isPrefix }: SpokenPhrase): string {
  return isPrefix ? `"${words.join(' ')}" *` : `"${words.join(' ')}"`
}

/** FTS5 reads its query up to the first null character. */
function toSubstringQuery(text: string): string | null {
  const trimmed = text.replaceAll('\0', '').trim()
  if ([...trimmed].length < SHORTEST_SUBSTRING) return null
  return `"${trimmed.replaceAll('"', '""')}"`
}
