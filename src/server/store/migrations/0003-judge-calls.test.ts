import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { describe, expect, it } from 'vitest'
import { EMPTY_RUBRIC } from '#contract/rubric.ts'
import { temporaryFolder } from '#testing/temporary-folder.ts'
import { listAgents } from '../agents.ts'
import { endCallOfRun, findBulkAction, isCallOfRunOpen } from '../bulk-actions.ts'
import { listMetricRecords } from '../metrics.ts'
import { migrateToLatest } from '../migrate.ts'
import { findProject } from '../projects.ts'
import { findRubric } from '../rubrics.ts'
import { openSqlite, sqliteDialect } from '../sqlite.ts'
import type { Tables } from '../tables.ts'
import { listCurrentVerdicts, listVerdictHistory } from '../verdicts.ts'
import { createTables } from './0001-create-tables.ts'
import { findCalls } from './0002-find-calls.ts'

/** A database as version 2 left it, with a rerun that is half done. */
async function openOldDatabase(file: string): Promise<Kysely<Tables>> {
  const db = openSqlite(file)
  const provider = {
    getMigrations: async () => ({
      '0001-create-tables': { up: (trx: Kysely<unknown>) => createTables(trx, sqliteDialect) },
      '0002-find-calls': {
        up: (trx: Kysely<Tables>) => findCalls(trx, sqliteDialect),
      },
    }),
  }
  await new Migrator({ db, provider }).migrateToLatest()
  const statements = [
    sql`insert into project (id, name, duplicate_policy, accepts_metadata_only, created_at, updated_at)
      values (1, 'p', 'update', 0, 0, 0)`,
    sql`insert into agent (project_id, name, assistant_id, provider, description, language, contact_number, is_demo, created_at, updated_at)
      values (1, 'Ada', '', '', '', 'en', '', 0, 0, 0)`,
    sql`insert into call (id, project_id, agent_id, agent_name, call_id, duplicate_ordinal, trace_id, started_at,
        is_started_at_receipt, status, success, is_judged, is_reviewed, feedback, customer_number, ended_reason, topic,
        dropoff_point, transcript_state, recording_state, is_demo, revision, fingerprint, created_at, updated_at)
      values (7, 1, 1, 'Ada', 'c', 0, '', 5, 0, 'failure', 0, 1, 0, '', '', '', '', '', 'ready', 'none', 0, 1, 'f', 1, 2)`,
    sql`insert into metric (id, project_id, code, name, eval_type, unit, enum_values, created_at)
      values (3, 1, 'tone', 'Tone of voice', 'enum', '', '["kind","rude"]', 6),
             (4, 1, 'latency', 'Latency', 'numeric', 'ms', '[]', 6)`,
    sql`insert into verdict (call_id, metric_id, is_current, source, score, value_text, passed, explanation, confidence, created_at)
      values (7, 3, 0, 'recorded', null, 'kind', 1, 'First.', null, 8),
             (7, 3, 1, 'recorded', null, 'rude', 0, 'Then.', 90, 9),
             (7, 4, 1, 'recorded', 812.5, null, null, '', null, 9)`,
    sql`insert into bulk_action (id, project_id, work, state, total_count, done_count, skipped_count, reached_call_id, started_by, created_at)
      values (2, 1, '{"kind":"rerun"}', 'running', 3, 2, 0, 6, 'Ada', 4)`,
    sql`insert into bulk_action_call (bulk_action_id, call_id) values (2, 5), (2, 6), (2, 7)`,
  ]
  for (const statement of statements) await statement.execute(db)
  return db
}

describe('0003-judge-calls', () => {
  it('keeps metrics as recorded ones, with every result', async () => {
    await using folder = await temporaryFolder()
    const db = await openOldDatabase(join(folder.path, 'x.db'))
    await migrateToLatest(db, sqliteDialect)
    const metrics = await listMetricRecords(db, 1)
    expect(metrics).toMatchObject([
      { id: 4, code: 'latency', content: { kind: 'recorded', evalType: 'numeric', unit: 'ms' } },
      {
        id: 3,
        slug: 'tone_of_voice',
        version: 0,
        isEnabled: true,
        content: { kind: 'recorded', enumValues: ['kind', 'rude'] },
        createdAt: '1970-01-01T00:00:00.006Z',
        updatedAt: '1970-01-01T00:00:00.006Z',
      },
    ])
    const current = (await listCurrentVerdicts(db, [7])).get(7)
    expect(current).toMatchObject([
      { metricId: 3, state: 'scored', valueText: 'rude', passed: false, confidence: 90 },
      { metricId: 4, state: 'scored', score: 812.5, metricVersion: null, evidence: [], extra: {} },
    ])
    expect(current).toMatchObject([
      { evalType: 'enum', unit: '' },
      { evalType: 'numeric', unit: 'ms' },
    ])
    const history = await listVerdictHistory(db, { callId: 7, metricId: 3, limit: 9 })
    expect(history.map(({ explanation }) => explanation)).toEqual(['Then.', 'First.'])
    expect(history.map(({ evalType }) => evalType)).toEqual(['enum', 'enum'])
    expect(await sql`pragma foreign_key_check`.execute(db)).toMatchObject({ rows: [] })
    await db.destroy()
  })

  it('keeps a rerun that goes on, which ends with the last of its calls', async () => {
    await using folder = await temporaryFolder()
    const db = await openOldDatabase(join(folder.path, 'x.db'))
    await migrateToLatest(db, sqliteDialect)
    const action = { id: 2, projectId: 1 }
    expect(await findBulkAction(db, action)).toMatchObject({
      work: { kind: 'rerun' },
      state: 'running',
      totalCount: 3,
      doneCount: 2,
      failedCount: 0,
      costMicroUsd: 0,
    })
    expect(await isCallOfRunOpen(db, { id: 2, callId: 7 })).toBe(true)
    const ended = { id: 2, callId: 7, outcome: 'judged', errorMessage: null, now: 9 } as const
    await db.transaction().execute((trx) => endCallOfRun(trx, ended))
    expect(await findBulkAction(db, action)).toMatchObject({ state: 'done', doneCount: 3 })
    await db.destroy()
  })

  it('starts without rubric, knowledge or sampling', async () => {
    await using folder = await temporaryFolder()
    const db = await openOldDatabase(join(folder.path, 'x.db'))
    await migrateToLatest(db, sqliteDialect)
    expect(await findRubric(db, 1)).toEqual(EMPTY_RUBRIC)
    expect(await findProject(db, 1)).toMatchObject({ sampleRate: 1 })
    expect(await listAgents(db, 1)).toMatchObject([
      { name: 'Ada', knowledge: '', topicNodes: [], dropoffNodes: [], callCount: 1 },
    ])
    await db.destroy()
  })
})
