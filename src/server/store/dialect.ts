import type {
  ColumnDefinitionBuilder,
  CreateTableBuilder,
  Expression,
  Kysely,
  RawBuilder,
  SqlBool,
} from 'kysely'
import type { Tables } from './tables.ts'

/**
 * What differs between databases, and nothing else. Everything outside of a dialect file is written
 * once, with Kysely's expressions.
 */
export type Dialect = {
  readonly name: string
  /** Makes an integer column the table's own, never reused key. */
  readonly generatedKey: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder
  /** Keeps the rows of a small table in the order of its primary key, where the database can. */
  readonly clustered: <T extends string, C extends string>(
    table: CreateTableBuilder<T, C>,
  ) => CreateTableBuilder<T, C>
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
   * Ids (`id`) of calls whose transcript holds every term of a search, or whose ids and numbers hold the text as it
   * stands; of every project. `text` is what a person typed, any characters. With a range no others are looked for.
   */
  readonly findText: (text: string, range?: IdRange) => RawBuilder<{ id: number }>
  /** `findText` as a condition on `call`. */
  readonly matchesText: (db: Kysely<Tables>, text: string, range?: IdRange) => Expression<SqlBool>
  /**
   * `id` and `rank` of the newest `limit` calls of a project that `findText` finds by their words and as many by ids and
   * numbers: the lower the rank, the better the transcript fits. An id or number that fits is better than any word.
   */
  readonly rankText: (
    text: string,
    among: { projectId: number; limit: number },
  ) => RawBuilder<{ id: number; rank: number }>
  /** Ids (`id`) of calls in which the words of `text` are said one after the other; the last one may go on. */
  readonly findPhrase: (text: string, range?: IdRange) => RawBuilder<{ id: number }>
  /** Whether a text has another in it, at its start or at its end, ignoring case as `foldCase` does; null for null. */
  readonly testText: (test: {
    value: Expression<unknown>
    op: 'contains' | 'startswith' | 'endswith'
    needle: string
  }) => Expression<SqlBool>
  /** Whether an RE2 pattern is somewhere in a text; null for null. Fails where the pattern is none. */
  readonly matchesPattern: (value: Expression<unknown>, pattern: string) => Expression<SqlBool>
  /**
   * Whether a value equals one of a list's, as `in` says; null for null. The list takes the place of one bound value: a
   * statement has room for some 30,000, and a filter for 200 lists.
   */
  readonly isOneOf: (
    value: Expression<unknown>,
    list: readonly (string | number)[],
  ) => Expression<SqlBool>
  /**
   * True for every row; lets a long scan end when nobody waits for it any more. It must come first among the
   * conditions of a query for `database.slow`, so that it is asked for every row that is looked at.
   * `column`: of the table of which most rows are looked at, integers spread evenly, such as `call.id`; never
   * from input.
   */
  readonly stopsWhenUnwanted: (column: string) => Expression<SqlBool>
}

/** Both included. */
export type IdRange = { first: number; last: number }

/** `spokenTexts`: one per speech segment; no phrase runs on from one into the next. */
export type TextEntry = { callId: number; identifiers: string; spokenTexts: readonly string[] }
