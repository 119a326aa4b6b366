import type { ColumnDefinitionBuilder, Expression, Kysely, SqlBool } from 'kysely'
import type { Tables } from './tables.ts'

/**
 * What differs between databases, and nothing else. Everything outside of a dialect file is written
 * once, with Kysely's expressions.
 */
export type Dialect = {
  readonly name: string
  /** Makes an integer column the table's own, never reused key. */
  readonly generatedKey: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder
  /** The column type for bytes. */
  readonly bytesType: 'blob' | 'bytea'
  /** What is broken inside the database file, in its own words; empty if nothing is. */
  readonly findDamage: (db: Kysely<Tables>) => Promise<string[]>
  /** Makes the index over spoken text and the one over ids and numbers. */
  readonly createTextIndexes: (db: Kysely<Tables>) => Promise<void>
  /** Replaces what the text indexes know of a call. */
  readonly indexText: (db: Kysely<Tables>, entry: TextEntry) => Promise<void>
  readonly removeText: (db: Kysely<Tables>, callId: number) => Promise<void>
  /**
   * True for calls whose transcript holds all words (the last one as a prefix) or whose ids and numbers
   * hold the text as it stands. `text` is what a person typed, any characters.
   */
  readonly matchesText: (db: Kysely<Tables>, text: string) => Expression<SqlBool>
}

export type TextEntry = { callId: number; identifiers: string; transcriptText: string }
