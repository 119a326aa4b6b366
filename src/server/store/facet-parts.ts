import { type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import {
  CALL_FIELDS,
  type FieldKind,
  type FieldTarget,
  type FilterScalar,
  findFieldTarget,
} from '#contract/filter.ts'
import type { CallsBuilder } from './call-query.ts'
import type { Database } from './database.ts'
import { toAttributeValue, toFieldValue } from './field-values.ts'
import { COLUMN, type FieldColumn } from './filter-columns.ts'
import { pathId } from './filter-sql.ts'
import { isSeenComment } from './seen-comments.ts'
import type { SlowQuery } from './slow-reader.ts'
import type { Tables } from './tables.ts'

type Row = { value: unknown; kind?: unknown; count: number | string | bigint }

/** Values of one kind with the number of calls that have each, most frequent first, then by value; at most `limit`. */
export type FacetPart = {
  rows: (limit: number) => SlowQuery<Row>
  toValue: (row: Row) => FilterScalar
  /** The rows are those whose value contains the text already. Otherwise their reader has to look. */
  isNarrowed: boolean
}

export type FacetParts = {
  parts: readonly FacetPart[]
  /** Calls without a value are among the rows; otherwise they are counted by a query of their own. */
  hasNull: boolean
}

export type FacetScope = {
  projectId: number
  calls: CallsBuilder
  /** The calls are all of the project, so that rows of its paths and metrics need no look at them. */
  isWholeProject: boolean
  /** Only values that contain this, ignoring case; null for all. */
  contains: string | null
}

/** How the values of a field are counted among the calls of a scope. Throws for a field that has none to list. */
export function facetParts(database: Database, fieldName: string, scope: FacetScope): FacetParts {
  const target = findFieldTarget(fieldName)
  if (target === null) throw new Error(`There is no field ${fieldName}`)
  switch (target.kind) {
    case 'call':
      return callParts(database, target.name, scope)
    case 'attribute':
      return { parts: [attributePart(database, target, scope)], hasNull: false }
    case 'result':
      return { parts: resultParts(database, target, scope), hasNull: false }
    default:
      return target satisfies never
  }
}

function callParts(
  database: Database,
  name: Extract<FieldTarget, { kind: 'call' }>['name'],
  scope: FacetScope,
): FacetParts {
  const column: FieldColumn = COLUMN[name]
  switch (column.kind) {
    case 'value':
      return { parts: [columnPart(database, { column, name, scope })], hasNull: true }
    case 'tags':
      return { parts: [tagPart(database, scope)], hasNull: false }
    case 'comments':
      return { parts: [commentPart(database, scope)], hasNull: false }
    case 'words':
      throw new Error(`The values of ${name} cannot be listed`)
    default:
      return column satisfies never
  }
}

const IS_TEXT: Record<FieldKind, boolean> = {
  text: true,
  words: true,
  any: true,
  choice: false,
  number: false,
  boolean: false,
  time: false,
}

function columnPart(
  database: Database,
  {
    column,
    name,
    scope: { calls, contains },
  }: {
    column: Extract<FieldColumn, { kind: 'value' }>
    name: keyof typeof CALL_FIELDS
    scope: FacetScope
  },
): FacetPart {
  const { kind } = CALL_FIELDS[name]
  const isText = IS_TEXT[kind]
  // An index is read as it stands: indexed columns hold either null or empty text, never both.
  const isPlain = !isText || column.index !== undefined
  const value = isPlain ? column.value : sql`nullif(${column.value}, '')`
  const counted = isText ? narrowed(database, calls, { value, contains }) : calls
  return {
    rows: (limit) =>
      grouped(counted.select([value.as('value'), countOf(sql`*`).as('count')]), limit),
    toValue: (row) =>
      row.value === ''
        ? null
        : toFieldValue(row.value, { kind, isMilliseconds: column.isMilliseconds }),
    isNarrowed: isText || contains === null,
  }
}

function tagPart(database: Database, { calls, contains }: FacetScope): FacetPart {
  const value = sql.ref('call_tag.tag')
  const rows = database.reader
    .selectFrom('call_tag')
    .where(database.dialect.stopsWhenUnwanted('call_tag.call_id'))
    .where('call_tag.call_id', 'in', calls.select('call.id'))
    .select([value.as('value'), countOf(sql`*`).as('count')])
  return {
    rows: (limit) => grouped(narrowed(database, rows, { value, contains }), limit),
    toValue: (row) => String(row.value),
    isNarrowed: true,
  }
}

function commentPart(database: Database, { calls, contains }: FacetScope): FacetPart {
  const value = sql.ref('call_comment.text')
  const rows = database.reader
    .selectFrom('call_comment')
    .where(database.dialect.stopsWhenUnwanted('call_comment.call_id'))
    .where(isSeenComment())
    .where('call_comment.call_id', 'in', calls.select('call.id'))
    .select([value.as('value'), countOf(sql`distinct call_comment.call_id`).as('count')])
  return {
    rows: (limit) => grouped(narrowed(database, rows, { value, contains }), limit),
    toValue: (row) => String(row.value),
    isNarrowed: true,
  }
}

/** Values are told apart by their text, as rules find them; the kind that most says of it is shown. */
function attributePart(
  database: Database,
  { source, path }: Extract<FieldTarget, { kind: 'attribute' }>,
  { projectId, calls, isWholeProject, contains }: FacetScope,
): FacetPart {
  const text = sql.ref('call_attribute.text_value')
  // Grouped by call first, as the index lies: counting distinct calls would sort all of them once more.
  const perCall = database.reader
    .selectFrom('call_attribute')
    .where(database.dialect.stopsWhenUnwanted('call_attribute.call_id'))
    .where((eb) => eb('call_attribute.path_id', '=', pathId(eb, { source, path, projectId })))
    .where('call_attribute.kind', '!=', 'null')
    .where('call_attribute.text_value', '!=', '')
    .$if(!isWholeProject, (all) =>
      all.where('call_attribute.call_id', 'in', calls.select('call.id')),
    )
    .select(['call_attribute.text_value as value', sql`min(call_attribute.kind)`.as('kind')])
    .groupBy(['call_attribute.text_value', 'call_attribute.call_id'])
  const rows = database.reader
    .selectFrom(narrowed(database, perCall, { value: text, contains }).as('own'))
    .select(['own.value', sql`min(own.kind)`.as('kind'), countOf(sql`*`).as('count')])
    .groupBy('own.value')
  return {
    rows: (limit) => mostFrequent(rows, limit),
    toValue: (row) => toAttributeValue({ text: String(row.value), kind: row.kind }),
    isNarrowed: true,
  }
}

type ResultTarget = Extract<FieldTarget, { kind: 'result' }>
type ResultColumn = {
  value: RawBuilder<unknown>
  kind: 'number' | 'boolean' | 'text'
}

const metricName = sql`(select metric.name from metric where metric.id = ${sql.ref('verdict.metric_id')})`

const RESULT_COLUMNS: Record<ResultTarget['name'], readonly ResultColumn[]> = {
  value: [
    { value: sql.ref('verdict.score'), kind: 'number' },
    { value: sql.ref('verdict.passed'), kind: 'boolean' },
    { value: sql.ref('verdict.value_text'), kind: 'text' },
  ],
  score: [{ value: sql.ref('verdict.score'), kind: 'number' }],
  passed: [{ value: sql.ref('verdict.passed'), kind: 'boolean' }],
  explanation: [{ value: sql.ref('verdict.explanation'), kind: 'text' }],
  confidence: [{ value: sql.ref('verdict.confidence'), kind: 'number' }],
  'metric.id': [{ value: sql.ref('verdict.metric_id'), kind: 'number' }],
  'metric.name': [{ value: metricName, kind: 'text' }],
}

function resultParts(
  database: Database,
  { name, metricId }: ResultTarget,
  scope: FacetScope,
): FacetPart[] {
  const isValue = name === 'value' || name === 'score' || name === 'passed'
  return RESULT_COLUMNS[name].map((column) =>
    resultPart(database, { column, metricId, isValue, scope }),
  )
}

function resultPart(
  database: Database,
  {
    column: { value, kind },
    metricId,
    isValue,
    scope: { projectId, calls, isWholeProject, contains },
  }: { column: ResultColumn; metricId: number | null; isValue: boolean; scope: FacetScope },
): FacetPart {
  const { reader, dialect } = database
  const metrics = reader
    .selectFrom('metric')
    .select('metric.id')
    .where('metric.project_id', '=', projectId)
    .where('metric.deleted_at', 'is', null)
  const rows = reader
    .selectFrom('verdict')
    .where(dialect.stopsWhenUnwanted('verdict.call_id'))
    // A literal: with a bound value SQLite cannot know that its partial indexes hold all rows.
    .where((eb) => eb('verdict.is_current', '=', eb.lit(1)))
    .where(
      'verdict.metric_id',
      'in',
      metricId === null ? metrics : metrics.where('metric.id', '=', metricId),
    )
    .where(kind === 'text' ? sql<SqlBool>`${value} <> ''` : sql<SqlBool>`${value} is not null`)
    // What was not scored has no value, but says why.
    .$if(!isValue, (all) => all.where('verdict.state', '=', 'scored'))
    .$if(!isWholeProject, (all) => all.where('verdict.call_id', 'in', calls.select('call.id')))
    .select([value.as('value'), countOf(sql`distinct verdict.call_id`).as('count')])
  return {
    rows: (limit) =>
      grouped(kind === 'text' ? narrowed(database, rows, { value, contains }) : rows, limit),
    toValue: (row) => toFieldValue(row.value, { kind }),
    isNarrowed: kind === 'text' || contains === null,
  }
}

function countOf(what: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`count(${what})`
}

function narrowed<T extends keyof Tables, O>(
  { dialect }: Database,
  rows: SelectQueryBuilder<Tables, T, O>,
  { value, contains }: { value: RawBuilder<unknown>; contains: string | null },
): SelectQueryBuilder<Tables, T, O> {
  if (contains === null) return rows
  return rows.where(dialect.testText({ value, op: 'contains', needle: contains }))
}

function grouped<T extends keyof Tables, O extends Row>(
  rows: SelectQueryBuilder<Tables, T, O>,
  limit: number,
): SelectQueryBuilder<Tables, T, O> {
  return mostFrequent(rows.groupBy(sql.ref('value')), limit)
}

function mostFrequent<DB, T extends keyof DB, O extends Row>(
  rows: SelectQueryBuilder<DB, T, O>,
  limit: number,
): SelectQueryBuilder<DB, T, O> {
  return rows
    .orderBy(sql.ref('count'), 'desc')
    .orderBy(sql.ref('value'), (by) => by.asc().nullsFirst())
    .limit(limit)
}
