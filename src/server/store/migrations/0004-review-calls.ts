import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'
import type { Tables } from '../tables.ts'

/** What people say of calls: votes, marks, comments; queues to work through; what a slow reply is. */
export async function reviewCalls(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await widenEvents(db)
  await createVotes(db, dialect)
  await createComments(db, dialect)
  await createQueues(db, dialect)
  await createShareLinks(db, dialect)
  await db.schema
    .alterTable('project')
    .addColumn('response_budget_ms', 'integer', (c) => c.notNull().defaultTo(1500))
    .execute()
}

async function widenEvents(db: Kysely<Tables>): Promise<void> {
  const table = 'review_event'
  await db.schema.alterTable(table).addColumn('metric_id', 'integer').execute()
  await db.schema.alterTable(table).addColumn('undoes_id', 'integer').execute()
}

async function createVotes(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('metric_vote')
    .addColumn('call_id', 'integer', (c) => c.notNull().references('call.id').onDelete('cascade'))
    .addColumn('metric_id', 'integer', (c) => c.notNull().references('metric.id'))
    .addColumn('reviewer', 'text', (c) => c.notNull())
    .addColumn('event_id', 'integer', (c) => c.notNull())
    .addColumn('verdict_id', 'integer')
    .addColumn('agrees', 'integer')
    .addColumn('expected_value', 'text')
    .addColumn('note', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('metric_vote_key', ['call_id', 'metric_id', 'reviewer'])
    .$call(dialect.clustered)
    .execute()
  await db.schema
    .createIndex('metric_vote_by_metric')
    .on('metric_vote')
    .columns(['metric_id', 'created_at'])
    .execute()
  await db.schema
    .createTable('category_mark')
    .addColumn('call_id', 'integer', (c) => c.notNull().references('call.id').onDelete('cascade'))
    .addColumn('category_id', 'integer', (c) => c.notNull())
    .addColumn('event_id', 'integer', (c) => c.notNull())
    .addColumn('reviewer', 'text', (c) => c.notNull())
    .addColumn('feedback', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('category_mark_key', ['call_id', 'category_id'])
    .$call(dialect.clustered)
    .execute()
}

async function createComments(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('call_comment')
    .addColumn('id', 'integer', dialect.generatedKey)
    .addColumn('call_id', 'integer', (c) => c.notNull().references('call.id').onDelete('cascade'))
    .addColumn('parent_id', 'integer')
    .addColumn('owner', 'text', (c) => c.notNull())
    .addColumn('author', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('at_ms', 'integer')
    .addColumn('segment_index', 'integer')
    .addColumn('resolved_at', 'bigint')
    .addColumn('resolved_by', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .addColumn('deleted_at', 'bigint')
    .execute()
  await db.schema
    .createIndex('call_comment_by_call')
    .on('call_comment')
    .columns(['call_id', 'id'])
    .execute()
  await db.schema
    .alterTable('call')
    .addColumn('open_comment_count', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
}

async function createQueues(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('review_queue')
    .addColumn('id', 'integer', dialect.generatedKey)
    .addColumn('project_id', 'integer', (c) => c.notNull().references('project.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('selection', 'text', (c) => c.notNull())
    .addColumn('is_blind', 'integer', (c) => c.notNull())
    .addColumn('assignee', 'text', (c) => c.notNull())
    .addColumn('created_by', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('deleted_at', 'bigint')
    .execute()
  await db.schema
    .createIndex('review_queue_by_project')
    .on('review_queue')
    .columns(['project_id', 'id'])
    .execute()
  await db.schema
    .createTable('review_queue_call')
    .addColumn('queue_id', 'integer', (c) =>
      c.notNull().references('review_queue.id').onDelete('cascade'),
    )
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('call_id', 'integer', (c) => c.notNull().references('call.id').onDelete('cascade'))
    .addColumn('is_control', 'integer', (c) => c.notNull())
    .addColumn('skipped_at', 'bigint')
    .addColumn('locked_by', 'text', (c) => c.notNull())
    .addColumn('lock_session', 'text', (c) => c.notNull())
    .addColumn('locked_until', 'bigint', (c) => c.notNull())
    .addColumn('opened_at', 'bigint')
    .addColumn('done_at', 'bigint')
    .addColumn('done_by', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('review_queue_call_key', ['queue_id', 'position'])
    .$call(dialect.clustered)
    .execute()
  await db.schema
    .createIndex('review_queue_call_by_call')
    .on('review_queue_call')
    .columns(['call_id', 'queue_id'])
    .unique()
    .execute()
}

async function createShareLinks(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('share_link')
    .addColumn('id', 'integer', dialect.generatedKey)
    .addColumn('call_id', 'integer', (c) => c.notNull().references('call.id').onDelete('cascade'))
    .addColumn('token_hash', 'text', (c) => c.notNull().unique())
    .addColumn('created_by', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addColumn('last_opened_at', 'bigint')
    .addColumn('revoked_at', 'bigint')
    .execute()
  await db.schema
    .createIndex('share_link_by_call')
    .on('share_link')
    .columns(['call_id', 'id'])
    .execute()
}
