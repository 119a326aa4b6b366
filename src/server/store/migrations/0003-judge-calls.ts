import { type Kysely, sql } from 'kysely'
import type { Dialect } from '../dialect.ts'
import type { Tables } from '../tables.ts'

/** Metrics with versions, results with all that is known of them, the rubric, reruns, and what the ear finds. */
export async function judgeCalls(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await widenMetrics(db, dialect)
  await widenVerdicts(db)
  await widenBulkActions(db)
  await widenSubjects(db)
  await createJudgeTables(db, dialect)
}

type ColumnKind = 'integer' | 'real' | 'text' | 'bigint'

/** `standard`: what rows of earlier versions have; without one they have null. */
type Column = { table: keyof Tables; name: string; kind: ColumnKind; standard?: string | number }

async function addColumns(db: Kysely<Tables>, columns: readonly Column[]): Promise<void> {
  for (const { table, name, kind, standard } of columns) {
    await db.schema
      .alterTable(table)
      .addColumn(name, kind, (c) => (standard === undefined ? c : c.notNull().defaultTo(standard)))
      .execute()
  }
}

async function widenMetrics(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const table = 'metric'
  await addColumns(db, [
    { table, name: 'slug', kind: 'text', standard: '' },
    { table, name: 'min_score', kind: 'real' },
    { table, name: 'max_score', kind: 'real' },
    { table, name: 'kind', kind: 'text', standard: 'recorded' },
    { table, name: 'function_name', kind: 'text', standard: '' },
    { table, name: 'version', kind: 'integer', standard: 0 },
    { table, name: 'direction', kind: 'text', standard: 'neutral' },
    { table, name: 'category', kind: 'text' },
    { table, name: 'is_predefined', kind: 'integer', standard: 0 },
    { table, name: 'is_enabled', kind: 'integer', standard: 1 },
    { table, name: 'is_sampled', kind: 'integer', standard: 0 },
    { table, name: 'agent_ids', kind: 'text', standard: '[]' },
    { table, name: 'wire_type', kind: 'text', standard: '' },
    { table, name: 'updated_at', kind: 'bigint', standard: 0 },
    { table, name: 'deleted_at', kind: 'bigint' },
  ])
  await sql`update metric set updated_at = created_at`.execute(db)
  await db.schema
    .createTable('metric_version')
    .addColumn('id', 'integer', dialect.generatedKey)
    .addColumn('metric_id', 'integer', (c) => c.notNull().references('metric.id'))
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('content', 'text', (c) => c.notNull())
    .addColumn('author', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('metric_version_number', ['metric_id', 'version'])
    .execute()
  await db.schema
    .createTable('metric_sampling')
    .addColumn('metric_id', 'integer', (c) => c.primaryKey().references('metric.id'))
    .addColumn('accumulator', 'real', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('critical_category')
    .addColumn('id', 'integer', dialect.generatedKey)
    .addColumn('metric_id', 'integer', (c) => c.notNull().references('metric.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('priority', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('critical_category_name', ['metric_id', 'name'])
    .execute()
}

async function widenVerdicts(db: Kysely<Tables>): Promise<void> {
  const table = 'verdict'
  await addColumns(db, [
    { table, name: 'state', kind: 'text', standard: 'scored' },
    { table, name: 'skip_reason', kind: 'text' },
    { table, name: 'metric_version', kind: 'integer' },
    { table, name: 'run_id', kind: 'integer' },
    { table, name: 'basis', kind: 'text' },
    { table, name: 'evidence', kind: 'text', standard: '[]' },
    { table, name: 'extra', kind: 'text', standard: '{}' },
    { table, name: 'model', kind: 'text' },
    { table, name: 'input_tokens', kind: 'integer' },
    { table, name: 'output_tokens', kind: 'integer' },
    { table, name: 'cost_micro_usd', kind: 'bigint' },
    { table, name: 'took_ms', kind: 'integer' },
    { table, name: 'input_hash', kind: 'text', standard: '' },
    { table, name: 'eval_type', kind: 'text', standard: 'numeric' },
    { table, name: 'unit', kind: 'text', standard: '' },
    { table, name: 'min_score', kind: 'real' },
    { table, name: 'max_score', kind: 'real' },
  ])
  // Metrics had no range and no versions: what they say now was said of every result.
  await sql`update verdict set eval_type = metric.eval_type, unit = metric.unit
    from metric where metric.id = verdict.metric_id`.execute(db)
  await db.schema
    .createIndex('verdict_by_run')
    .on('verdict')
    .columns(['run_id', 'call_id'])
    .where('run_id', 'is not', null)
    .execute()
}

async function widenBulkActions(db: Kysely<Tables>): Promise<void> {
  const table = 'bulk_action'
  await addColumns(db, [
    { table, name: 'failed_count', kind: 'integer', standard: 0 },
    { table, name: 'input_tokens', kind: 'bigint', standard: 0 },
    { table, name: 'output_tokens', kind: 'bigint', standard: 0 },
    { table, name: 'cost_micro_usd', kind: 'bigint', standard: 0 },
    { table: 'bulk_action_call', name: 'outcome', kind: 'text' },
    { table: 'bulk_action_call', name: 'error_message', kind: 'text' },
  ])
}

async function widenSubjects(db: Kysely<Tables>): Promise<void> {
  await addColumns(db, [
    { table: 'project', name: 'rubric', kind: 'text', standard: '{"logic":"and","rules":[]}' },
    { table: 'project', name: 'sample_rate', kind: 'real', standard: 1 },
    { table: 'agent', name: 'knowledge', kind: 'text', standard: '' },
    { table: 'agent', name: 'topic_nodes', kind: 'text', standard: '[]' },
    { table: 'agent', name: 'dropoff_nodes', kind: 'text', standard: '[]' },
    { table: 'call_content', name: 'rubric_outcome', kind: 'text' },
  ])
}

async function createJudgeTables(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('judge_answer')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('call_id', 'integer', (c) => c.notNull().references('call.id').onDelete('cascade'))
    .addColumn('answer', 'text', (c) => c.notNull())
    .addColumn('model', 'text', (c) => c.notNull())
    .addColumn('input_tokens', 'integer')
    .addColumn('output_tokens', 'integer')
    .addColumn('took_ms', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .$call(dialect.clustered)
    .execute()
  await db.schema
    .createIndex('judge_answer_by_call')
    .on('judge_answer')
    .columns(['call_id'])
    .execute()
  await db.schema
    .createIndex('judge_answer_by_age')
    .on('judge_answer')
    .columns(['created_at'])
    .execute()
  await db.schema
    .createTable('stability_check')
    .addColumn('id', 'integer', dialect.generatedKey)
    .addColumn('call_id', 'integer', (c) => c.notNull().references('call.id').onDelete('cascade'))
    .addColumn('metric_id', 'integer', (c) => c.notNull().references('metric.id'))
    .addColumn('metric_version', 'integer', (c) => c.notNull())
    .addColumn('times', 'integer', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('answers', 'text', (c) => c.notNull())
    .addColumn('error_message', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('stability_check_by_call')
    .on('stability_check')
    .columns(['call_id'])
    .execute()
  await db.schema
    .createTable('recording_speech')
    .addColumn('recording_id', 'integer', (c) =>
      c.primaryKey().references('recording.id').onDelete('cascade'),
    )
    .addColumn('speech', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()
}
