import type { CreateTableBuilder, Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'
import type { Tables } from '../tables.ts'

/** The list's orders: each column has an index that also holds the tie-breaking id. */
const SORTED_COLUMNS = [
  'started_at',
  'duration_ms',
  'status',
  'agent_name',
  'customer_number',
  'ended_reason',
  'topic',
]

export async function createTables(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await createTenancy(db, dialect)
  await createAccess(db, dialect)
  await createCalls(db, dialect)
  await createRecordings(db, dialect)
  await createJobs(db, dialect)
  await dialect.createTextIndexes(db)
}

function table(
  db: Kysely<Tables>,
  dialect: Dialect,
  name: string,
): CreateTableBuilder<string, 'id'> {
  return db.schema.createTable(name).addColumn('id', 'integer', dialect.generatedKey)
}

async function createTenancy(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await table(db, dialect, 'project')
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('duplicate_policy', 'text', (c) => c.notNull())
    .addColumn('accepts_metadata_only', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .execute()
  await table(db, dialect, 'agent')
    .addColumn('project_id', 'integer', (c) => c.notNull().references('project.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('assistant_id', 'text', (c) => c.notNull())
    .addColumn('provider', 'text', (c) => c.notNull())
    .addColumn('description', 'text', (c) => c.notNull())
    .addColumn('language', 'text', (c) => c.notNull())
    .addColumn('is_inbound', 'integer')
    .addColumn('contact_number', 'text', (c) => c.notNull())
    .addColumn('webhook_secret', 'text')
    .addColumn('is_demo', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('agent_by_assistant')
    .on('agent')
    .columns(['assistant_id', 'project_id'])
    .execute()
}

async function createAccess(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await table(db, dialect, 'api_key')
    .addColumn('project_id', 'integer', (c) => c.references('project.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('scope', 'text', (c) => c.notNull())
    .addColumn('key_hash', 'text', (c) => c.notNull().unique())
    .addColumn('hint', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('last_used_at', 'bigint')
    .addColumn('revoked_at', 'bigint')
    .execute()
  await db.schema
    .createTable('session')
    .addColumn('token_hash', 'text', (c) => c.primaryKey())
    .addColumn('api_key_id', 'integer', (c) => c.references('api_key.id'))
    .addColumn('project_id', 'integer', (c) => c.references('project.id'))
    .addColumn('scope', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('sign_in_token')
    .addColumn('token_hash', 'text', (c) => c.primaryKey())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addColumn('used_at', 'bigint')
    .execute()
  await table(db, dialect, 'audit_log')
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .execute()
}

async function createCalls(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await table(db, dialect, 'call')
    .addColumn('project_id', 'integer', (c) => c.notNull().references('project.id'))
    .addColumn('agent_id', 'integer', (c) => c.references('agent.id'))
    .addColumn('agent_name', 'text', (c) => c.notNull())
    .addColumn('call_id', 'text', (c) => c.notNull())
    .addColumn('duplicate_ordinal', 'integer', (c) => c.notNull())
    .addColumn('trace_id', 'text', (c) => c.notNull())
    .addColumn('started_at', 'bigint', (c) => c.notNull())
    .addColumn('is_started_at_receipt', 'integer', (c) => c.notNull())
    .addColumn('duration_ms', 'bigint')
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('success', 'integer')
    .addColumn('is_judged', 'integer', (c) => c.notNull())
    .addColumn('is_reviewed', 'integer', (c) => c.notNull())
    .addColumn('feedback', 'text', (c) => c.notNull())
    .addColumn('customer_number', 'text', (c) => c.notNull())
    .addColumn('ended_reason', 'text', (c) => c.notNull())
    .addColumn('topic', 'text', (c) => c.notNull())
    .addColumn('dropoff_point', 'text', (c) => c.notNull())
    .addColumn('transcript_state', 'text', (c) => c.notNull())
    .addColumn('recording_state', 'text', (c) => c.notNull())
    .addColumn('error_message', 'text')
    .addColumn('is_demo', 'integer', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('call_identity', ['project_id', 'call_id', 'duplicate_ordinal'])
    .execute()
  for (const column of SORTED_COLUMNS) {
    await db.schema
      .createIndex(`call_by_${column}`)
      .on('call')
      .columns(['project_id', column, 'id'])
      .execute()
  }
  await db.schema
    .createIndex('call_by_agent')
    .on('call')
    .columns(['agent_id', 'started_at', 'id'])
    .execute()
  await db.schema
    .createIndex('call_by_updated_at')
    .on('call')
    .columns(['updated_at', 'id'])
    .execute()
  await createCallContent(db, dialect)
}

async function createCallContent(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('call_content')
    .addColumn('call_id', 'integer', (c) =>
      c.primaryKey().references('call.id').onDelete('cascade'),
    )
    .addColumn('transcript_type', 'text')
    .addColumn('speaker_rule', 'text')
    .addColumn('segments', 'text', (c) => c.notNull())
    .addColumn('warnings', 'text', (c) => c.notNull())
    .addColumn('transcript_text', 'text', (c) => c.notNull())
    .addColumn('metadata', 'text', (c) => c.notNull())
    .addColumn('dynamic_variables', 'text', (c) => c.notNull())
    .addColumn('recording_url', 'text')
    .addColumn('main_agent_channel_index', 'integer')
    .addColumn('metric_ids', 'text')
    .execute()
  await table(db, dialect, 'call_payload')
    .addColumn('call_id', 'integer', (c) => c.notNull().references('call.id').onDelete('cascade'))
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('received_at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('call_payload_by_call')
    .on('call_payload')
    .columns(['call_id', 'revision'])
    .execute()
  await db.schema
    .createTable('call_attribute')
    .addColumn('call_id', 'integer', (c) => c.notNull().references('call.id').onDelete('cascade'))
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('path', 'text', (c) => c.notNull())
    .addColumn('text_value', 'text', (c) => c.notNull())
    .addColumn('number_value', 'real')
    .addPrimaryKeyConstraint('call_attribute_key', ['call_id', 'source', 'path', 'text_value'])
    .execute()
  await db.schema
    .createIndex('call_attribute_by_text')
    .on('call_attribute')
    .columns(['source', 'path', 'text_value', 'call_id'])
    .execute()
  await db.schema
    .createIndex('call_attribute_by_number')
    .on('call_attribute')
    .columns(['source', 'path', 'number_value', 'call_id'])
    .execute()
}

async function createRecordings(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await table(db, dialect, 'recording')
    .addColumn('call_id', 'integer', (c) => c.notNull().references('call.id').onDelete('cascade'))
    .addColumn('storage_key', 'text', (c) => c.notNull())
    .addColumn('file_name', 'text', (c) => c.notNull())
    .addColumn('format', 'text')
    .addColumn('codec', 'text')
    .addColumn('mime_type', 'text')
    .addColumn('channels', 'integer')
    .addColumn('sample_rate_hz', 'integer')
    .addColumn('duration_ms', 'bigint')
    .addColumn('size_bytes', 'bigint', (c) => c.notNull())
    .addColumn('sha256', 'text', (c) => c.notNull())
    .addColumn('source_url', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('analysed_at', 'bigint')
    .addColumn('agent_channel', 'integer')
    .addColumn('playback_key', 'text')
    .addColumn('playback_mime_type', 'text')
    .addColumn('playback_size_bytes', 'bigint')
    .addColumn('playback_sha256', 'text')
    .execute()
  await db.schema
    .createIndex('recording_by_call')
    .on('recording')
    .columns(['call_id', 'id'])
    .execute()
  await db.schema
    .createIndex('recording_by_storage_key')
    .on('recording')
    .column('storage_key')
    .execute()
  await db.schema
    .createTable('recording_peaks')
    .addColumn('recording_id', 'integer', (c) =>
      c.notNull().references('recording.id').onDelete('cascade'),
    )
    .addColumn('points_per_second', 'integer', (c) => c.notNull())
    .addColumn('channels', 'integer', (c) => c.notNull())
    .addColumn('bytes', dialect.bytesType, (c) => c.notNull())
    .addPrimaryKeyConstraint('recording_peaks_key', ['recording_id', 'points_per_second'])
    .execute()
}

async function createJobs(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await table(db, dialect, 'job')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('run_at', 'bigint', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('generation', 'integer', (c) => c.notNull())
    .addColumn('lease_owner', 'text')
    .addColumn('lease_until', 'bigint')
    .addColumn('last_error', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('job_subject', ['kind', 'subject'])
    .execute()
  await db.schema.createIndex('job_by_run_at').on('job').columns(['run_at', 'id']).execute()
  await table(db, dialect, 'dead_job')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('error', 'text', (c) => c.notNull())
    .addColumn('failed_at', 'bigint', (c) => c.notNull())
    .execute()
}
