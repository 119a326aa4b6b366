import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '#testing/temporary-folder.ts'
import { migrateToLatest } from '../migrate.ts'
import { openSqlite, sqliteDialect } from '../sqlite.ts'
import type { Tables } from '../tables.ts'
import { createTables } from './0001-create-tables.ts'

const SEGMENTS = [
  {
    kind: 'speech',
    speaker: 'caller',
    text: 'Hello',
    startSeconds: 0,
    endSeconds: 1,
    timing: 'given',
  },
  { kind: 'speech', speaker: 'agent', text: 'Hi', startSeconds: 3, endSeconds: 4, timing: 'given' },
]

const TRANSCRIPT = '[00:00] Testing Agent: Hello\n[00:03] Main Agent: Hi'

/** A database as version 1 left it, with more calls than one batch has. */
async function openOldDatabase(file: string, callCount: number): Promise<Kysely<Tables>> {
  const db = openSqlite(file)
  const provider = {
    getMigrations: async () => ({
      '0001-create-tables': {
        up: (trx: Kysely<unknown>) => createTables(trx, sqliteDialect),
      },
    }),
  }
  await new Migrator({ db, provider }).migrateToLatest()
  await sql`insert into project (id, name, duplicate_policy, accepts_metadata_only, created_at, updated_at)
    values (1, 'p', 'update', 0, 0, 0)`.execute(db)
  const metadata = JSON.stringify({ plan: 'gold', amount: 7, gone: null, empty: {}, text: '' })
  for (let id = 1; id <= callCount; id++) {
    await sql`insert into call values (${id}, 1, null, 'Ada', ${`c-${id}`}, 0, '', 5, 0, 8000, 'success', 1, 0, 0,
      'good', '+1', 'hangup', 'refund', '', 'ready', 'none', null, 0, 3, 'f', 1, 2)`.execute(db)
    await sql`insert into call_content values (${id}, 'cekura', null, ${JSON.stringify(SEGMENTS)}, '[]', ${TRANSCRIPT},
      ${metadata}, ${JSON.stringify({ lang: ['de', 'en'] })}, null, null, null)`.execute(db)
    await sql`insert into call_text (rowid, transcript_text) values (${id}, ${TRANSCRIPT})`.execute(
      db,
    )
    await sql`insert into call_attribute values (${id}, 'metadata', 'plan', 'gold', null)`.execute(
      db,
    )
  }
  return db
}

describe('0002-find-calls', () => {
  it('keeps every call and gives it its measures and attributes, null leaves too', async () => {
    await using folder = await temporaryFolder()
    const db = await openOldDatabase(join(folder.path, 'x.db'), 201)
    await migrateToLatest(db, sqliteDialect)
    const calls = await db.selectFrom('call').selectAll().orderBy('id').execute()
    expect(calls).toHaveLength(201)
    expect(calls.at(-1)).toMatchObject({
      id: 201,
      call_id: 'c-201',
      feedback: 'good',
      revision: 3,
      updated_at: 2,
      judge_success: null,
      reviewer: '',
      vote_count: 0,
      // From 1 s to 3 s; 2 s of speech in 8 s; 1 word in 1 s.
      longest_gap_ms: 2000,
      silence_share: 0.75,
      words_per_minute: 60,
      segment_count: 2,
      interruption_count: 0,
      tool_error_count: 0,
    })
    const attributes = await db
      .selectFrom('call_attribute')
      .innerJoin('attribute_path', 'attribute_path.id', 'call_attribute.path_id')
      .select(['source', 'path', 'kind', 'text_value', 'number_value'])
      .where('call_id', '=', 201)
      .orderBy('source')
      .orderBy('path')
      .orderBy('text_value')
      .execute()
    expect(attributes.map((row) => Object.values(row))).toEqual([
      ['dynamic_variables', 'lang', 'text', 'de', null],
      ['dynamic_variables', 'lang', 'text', 'en', null],
      ['metadata', 'amount', 'number', '7', 7],
      ['metadata', 'gone', 'null', '', null],
      ['metadata', 'plan', 'text', 'gold', null],
      ['metadata', 'text', 'text', '', null],
    ])
    expect(await db.selectFrom('attribute_path').select('id').execute()).toHaveLength(5)
    expect(await sql`pragma foreign_key_check`.execute(db)).toMatchObject({ rows: [] })
    await db.destroy()
  })

  it('looks for words only in what was said', async () => {
    await using folder = await temporaryFolder()
    const db = await openOldDatabase(join(folder.path, 'x.db'), 3)
    const found = async (words: string) => {
      const { rows } = await sql`select id from (${sqliteDialect.findText(words)})`.execute(db)
      return rows.length
    }
    expect(await found('agent')).toBe(3)
    await migrateToLatest(db, sqliteDialect)
    expect(await found('agent')).toBe(0)
    expect(await found('00')).toBe(0)
    expect(await found('hello hi')).toBe(3)
    expect(await found('"hello hi"')).toBe(0)
    // Of the id of the call, which version 1 had not indexed here.
    expect(await found('c-2')).toBe(1)
    await db.destroy()
  })
})
