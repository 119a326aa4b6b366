import { type Insertable, type Kysely, sql } from 'kysely'
import type { AttributeSource } from '#contract/filter.ts'
import { type Segment, spokenTexts } from '#contract/transcript.ts'
import { flattenAttributes } from '../attributes.ts'
import { measureCall } from '../call-measures.ts'
import type { Dialect } from '../dialect.ts'
import type { Tables } from '../tables.ts'

const BATCH_SIZE = 200

/** Everything that filters ask for: measures, review outcome, tags, metric results, attributes by path; and what keeps a filter. */
export async function findCalls(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await widenCalls(db)
  await createAttributes(db, dialect)
  await createMetrics(db, dialect)
  await createReviews(db, dialect)
  await createViews(db, dialect)
  await createBulkActions(db, dialect)
  await fillCalls(db, dialect)
}

async function widenCalls(db: Kysely<Tables>): Promise<void> {
  const add = (name: string) => db.schema.alterTable('call').addColumn(name, 'integer').execute()
  const addReal = (name: string) => db.schema.alterTable('call').addColumn(name, 'real').execute()
  const addCount = (name: string) =>
    db.schema
      .alterTable('call')
      .addColumn(name, 'integer', (c) => c.notNull().defaultTo(0))
      .execute()
  await addCount('segment_count')
  await add('longest_gap_ms')
  await add('overlap_count')
  await add('interruption_count')
  await addReal('silence_share')
  await addReal('talk_share')
  await addReal('words_per_minute')
  await addCount('tool_error_count')
  await add('judge_success')
  await db.schema
    .alterTable('call')
    .addColumn('reviewer', 'text', (c) => c.notNull().defaultTo(''))
    .execute()
  await db.schema.alterTable('call').addColumn('reviewed_at', 'bigint').execute()
  await addCount('comment_count')
  await addCount('vote_count')
  // Only what the quick questions of a reviewer ask for: every index costs each call that arrives.
  await db.schema
    .createIndex('call_by_longest_gap')
    .on('call')
    .columns(['project_id', 'longest_gap_ms', 'id'])
    .where('longest_gap_ms', 'is not', null)
    .execute()
  await db.schema
    .createIndex('call_by_tool_errors')
    .on('call')
    .columns(['project_id', 'tool_error_count', 'id'])
    .where('tool_error_count', '>', 0)
    .execute()
}

/** Paths are kept once per project: rows stay small, and the builder lists them without reading any call. */
async function createAttributes(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('attribute_path')
    .addColumn('id', 'integer', dialect.generatedKey)
    .addColumn('project_id', 'integer', (c) => c.notNull().references('project.id'))
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('path', 'text', (c) => c.notNull())
    .addColumn('has_text', 'integer', (c) => c.notNull())
    .addColumn('has_number', 'integer', (c) => c.notNull())
    .addUniqueConstraint('attribute_path_name', ['project_id', 'source', 'path'])
    .execute()
  await db.schema.dropTable('call_attribute').execute()
  await db.schema
    .createTable('call_attribute')
    .addColumn('call_id', 'integer', (c) => c.notNull().references('call.id').onDelete('cascade'))
    .addColumn('path_id', 'integer', (c) => c.notNull().references('attribute_path.id'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('text_value', 'text', (c) => c.notNull())
    .addColumn('number_value', 'real')
    .addPrimaryKeyConstraint('call_attribute_key', ['call_id', 'path_id', 'text_value', 'kind'])
    .$call(dialect.clustered)
    .execute()
  await db.schema
    .createIndex('call_attribute_by_text')
    .on('call_attribute')
    .columns(['path_id', 'text_value', 'call_id'])
    .execute()
  await db.schema
    .createIndex('call_attribute_by_number')
    .on('call_attribute')
    .columns(['path_id', 'number_value', 'call_id'])
    .where('number_value', 'is not', null)
    .execute()
}

async function createMetrics(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('metric')
    .addColumn('id', 'integer', dialect.generatedKey)
    .addColumn('project_id', 'integer', (c) => c.notNull().references('project.id'))
    .addColumn('code', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('eval_type', 'text', (c) => c.notNull())
    .addColumn('unit', 'text', (c) => c.notNull())
    .addColumn('enum_values', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('metric_code', ['project_id', 'code'])
    .execute()
  await db.schema
    .createTable('verdict')
    .addColumn('id', 'integer', dialect.generatedKey)
    .addColumn('call_id', 'integer', (c) => c.notNull().references('call.id').onDelete('cascade'))
    .addColumn('metric_id', 'integer', (c) => c.notNull().references('metric.id'))
    .addColumn('is_current', 'integer', (c) => c.notNull())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('score', 'real')
    .addColumn('value_text', 'text')
    .addColumn('passed', 'integer')
    .addColumn('explanation', 'text', (c) => c.notNull())
    .addColumn('confidence', 'real')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('verdict_current')
    .on('verdict')
    // One current result per call and metric, in an index of all results: deleting a call looks for them by it.
    .columns([
      sql.ref('call_id'),
      sql.ref('metric_id'),
      sql`(case when is_current = 1 then 0 else id end)`,
    ])
    .unique()
    .execute()
  await db.schema
    .createIndex('verdict_by_score')
    .on('verdict')
    .columns(['metric_id', 'score', 'call_id'])
    .where(sql.ref('is_current'), '=', 1)
    .where('score', 'is not', null)
    .execute()
  await db.schema
    .createIndex('verdict_by_passed')
    .on('verdict')
    .columns(['metric_id', 'passed', 'call_id'])
    .where(sql.ref('is_current'), '=', 1)
    .where('passed', 'is not', null)
    .execute()
  await db.schema
    .createIndex('verdict_by_text')
    .on('verdict')
    .columns(['metric_id', 'value_text', 'call_id'])
    .where(sql.ref('is_current'), '=', 1)
    .where('value_text', 'is not', null)
    .execute()
}

async function createReviews(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('review_event')
    .addColumn('id', 'integer', dialect.generatedKey)
    .addColumn('call_id', 'integer', (c) => c.notNull().references('call.id').onDelete('cascade'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('reviewer', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('bulk_action_id', 'integer')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('review_event_by_call')
    .on('review_event')
    .columns(['call_id', 'id'])
    .execute()
  await db.schema
    .createIndex('review_event_by_bulk_action')
    .on('review_event')
    .columns(['bulk_action_id', 'id'])
    .where('bulk_action_id', 'is not', null)
    .execute()
  await db.schema
    .createTable('call_tag')
    .addColumn('call_id', 'integer', (c) => c.notNull().references('call.id').onDelete('cascade'))
    .addColumn('tag', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('call_tag_key', ['call_id', 'tag'])
    .$call(dialect.clustered)
    .execute()
  await db.schema
    .createIndex('call_tag_by_tag')
    .on('call_tag')
    .columns(['tag', 'call_id'])
    .execute()
}

async function createViews(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('saved_view')
    .addColumn('id', 'integer', dialect.generatedKey)
    .addColumn('project_id', 'integer', (c) => c.notNull().references('project.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('visibility', 'text', (c) => c.notNull())
    .addColumn('is_pinned', 'integer', (c) => c.notNull())
    .addColumn('owner', 'text', (c) => c.notNull())
    .addColumn('owner_name', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .addColumn('deleted_at', 'bigint')
    .execute()
  await db.schema
    .createIndex('saved_view_by_project')
    .on('saved_view')
    .columns(['project_id', 'name', 'id'])
    .execute()
}

async function createBulkActions(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('bulk_action')
    .addColumn('id', 'integer', dialect.generatedKey)
    .addColumn('project_id', 'integer', (c) => c.notNull().references('project.id'))
    .addColumn('work', 'text', (c) => c.notNull())
    .addColumn('target', 'text')
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('total_count', 'integer', (c) => c.notNull())
    .addColumn('done_count', 'integer', (c) => c.notNull())
    .addColumn('skipped_count', 'integer', (c) => c.notNull())
    .addColumn('reached_call_id', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('error_message', 'text')
    .addColumn('started_by', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('finished_at', 'bigint')
    .execute()
  // Which calls it is about is settled when it starts: what it changes must not change what it matches.
  await db.schema
    .createTable('bulk_action_call')
    .addColumn('bulk_action_id', 'integer', (c) =>
      c.notNull().references('bulk_action.id').onDelete('cascade'),
    )
    .addColumn('call_id', 'integer', (c) => c.notNull())
    .addColumn('before', 'text')
    .addPrimaryKeyConstraint('bulk_action_call_key', ['bulk_action_id', 'call_id'])
    .$call(dialect.clustered)
    .execute()
}

/** Gives the calls of earlier versions what a new call gets when it is stored. */
async function fillCalls(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const paths = new Map<string, number>()
  for (let after = 0; ; ) {
    const rows = await db
      .selectFrom('call')
      .innerJoin('call_content', 'call_content.call_id', 'call.id')
      .select(['call.id', 'call.project_id', 'call.duration_ms'])
      .select(['call.call_id', 'call.customer_number', 'call.trace_id'])
      .select(['call_content.segments', 'call_content.metadata', 'call_content.dynamic_variables'])
      .where('call.id', '>', after)
      .orderBy('call.id')
      .limit(BATCH_SIZE)
      .execute()
    const last = rows.at(-1)
    if (last === undefined) return
    for (const row of rows) {
      const segments = JSON.parse(row.segments) as Segment[]
      const measures = measureCall(segments, row.duration_ms)
      await db.updateTable('call').set(measures).where('id', '=', row.id).execute()
      // Before, the index held who spoke and when: a search for "agent" found every call.
      await dialect.indexText(db, {
        callId: row.id,
        identifiers: [row.call_id, row.customer_number, row.trace_id].filter(Boolean).join('\n'),
        spokenTexts: spokenTexts(segments),
      })
      const attributes = [
        ...(await attributesOf(db, { paths, row, source: 'metadata' })),
        ...(await attributesOf(db, { paths, row, source: 'dynamic_variables' })),
      ]
      if (attributes.length > 0) await db.insertInto('call_attribute').values(attributes).execute()
    }
    after = last.id
  }
}

type ContentRow = { id: number; project_id: number; metadata: string; dynamic_variables: string }

async function attributesOf(
  db: Kysely<Tables>,
  { paths, row, source }: { paths: Map<string, number>; row: ContentRow; source: AttributeSource },
): Promise<Insertable<Tables['call_attribute']>[]> {
  const attributes = flattenAttributes(JSON.parse(row[source]) as Record<string, unknown>)
  const rows: Insertable<Tables['call_attribute']>[] = []
  for (const { path, kind, textValue, numberValue } of attributes) {
    const has_text = Number(kind === 'text' || kind === 'boolean')
    const has_number = Number(numberValue !== null)
    const key = JSON.stringify([row.project_id, source, path, has_text, has_number])
    const known = paths.get(key)
    const { id } =
      known === undefined
        ? await db
            .insertInto('attribute_path')
            .values({ project_id: row.project_id, source, path, has_text, has_number })
            .onConflict((conflict) =>
              conflict.columns(['project_id', 'source', 'path']).doUpdateSet({
                path,
                ...(has_text === 1 && { has_text }),
                ...(has_number === 1 && { has_number }),
              }),
            )
            .returning('id')
            .executeTakeFirstOrThrow()
        : { id: known }
    paths.set(key, id)
    rows.push({
      call_id: row.id,
      path_id: id,
      kind,
      text_value: textValue,
      number_value: numberValue,
    })
  }
  return rows
}
