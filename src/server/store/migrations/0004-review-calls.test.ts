import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { expect, it } from 'vitest'
import { temporaryFolder } from '#testing/temporary-folder.ts'
import { listComments } from '../comments.ts'
import { migrateToLatest } from '../migrate.ts'
import { findProject } from '../projects.ts'
import { findCallReview } from '../review-history.ts'
import { openSqlite, sqliteDialect } from '../sqlite.ts'
import type { Tables } from '../tables.ts'
import { createTables } from './0001-create-tables.ts'
import { findCalls } from './0002-find-calls.ts'
import { judgeCalls } from './0003-judge-calls.ts'

/** A database as version 3 left it, with a call that a bulk action reviewed. */
async function openOldDatabase(file: string): Promise<Kysely<Tables>> {
  const db = openSqlite(file)
  const provider = {
    getMigrations: async () => ({
      '0001-create-tables': { up: (trx: Kysely<unknown>) => createTables(trx, sqliteDialect) },
      '0002-find-calls': { up: (trx: Kysely<Tables>) => findCalls(trx, sqliteDialect) },
      '0003-judge-calls': { up: (trx: Kysely<Tables>) => judgeCalls(trx, sqliteDialect) },
    }),
  }
  await new Migrator({ db, provider }).migrateToLatest()
  const before =
    '{"status":"success","success":true,"isReviewed":false,"reviewer":"","reviewedAt":null,"revision":1}'
  const set =
    '{"status":"reviewed_failure","success":false,"isReviewed":true,"reviewer":"Ada","reviewedAt":9,"revision":1}'
  const statements = [
    sql`insert into project (id, name, duplicate_policy, accepts_metadata_only, created_at, updated_at)
      values (1, 'p', 'update', 0, 0, 0)`,
    sql`insert into call (id, project_id, agent_name, call_id, duplicate_ordinal, trace_id, started_at,
        is_started_at_receipt, status, success, is_judged, is_reviewed, reviewer, reviewed_at, feedback, customer_number,
        ended_reason, topic, dropoff_point, transcript_state, recording_state, is_demo, revision, fingerprint, created_at, updated_at)
      values (7, 1, '', 'c', 0, '', 5, 0, 'reviewed_failure', 0, 1, 1, 'Ada', 9, 'Too slow.', '', '', '', '', 'ready', 'none', 0, 1, 'f', 1, 2)`,
    sql`insert into review_event (call_id, kind, reviewer, body, bulk_action_id, created_at)
      values (7, 'status', 'Ada', ${`{"set":${set},"before":${before}}`}, 3, 9)`,
  ]
  for (const statement of statements) await statement.execute(db)
  return db
}

it('keeps what people decided, and gives every project a budget for replies', async () => {
  await using folder = await temporaryFolder()
  const db = await openOldDatabase(join(folder.path, 'x.db'))
  await migrateToLatest(db, sqliteDialect)
  expect(await findCallReview(db, 7)).toMatchObject({
    status: 'reviewed_failure',
    reviewer: 'Ada',
    feedback: 'Too slow.',
    votes: [],
    events: [{ kind: 'status', reviewer: 'Ada', isStanding: true }],
  })
  expect(await listComments(db, 7)).toEqual([])
  expect(await findProject(db, 1)).toMatchObject({ responseBudgetSeconds: 1.5 })
  await db.destroy()
})
