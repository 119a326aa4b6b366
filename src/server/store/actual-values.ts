import { sql } from 'kysely'
import {
  CALL_FIELDS,
  type CallFieldName,
  type FieldTarget,
  type FilterRule,
  type FilterScalar,
  findFieldTarget,
  type ResultFieldName,
} from '#contract/filter.ts'
import type { Segment } from '#contract/transcript.ts'
import type { Database } from './database.ts'
import { excerpt } from './excerpt.ts'
import { toAttributeValue, toFieldValue } from './field-values.ts'
import { COLUMN, type FieldColumn } from './filter-columns.ts'
import { findPhrases, wordsPhrase } from './spoken-words.ts'
import { listTags } from './tags.ts'

const MOST_VALUES = 20

/**
 * The values of one call that each rule looks at, at most 20: in the field's unit, null where a column was never set. For
 * `transcript` the text around the first place where the words are said.
 */
export async function readActualValues(
  database: Database,
  { callId, projectId, rules }: { callId: number; projectId: number; rules: readonly FilterRule[] },
): Promise<Map<FilterRule, FilterScalar[]>> {
  const byField = new Map<string, FilterScalar[]>()
  const values = new Map<FilterRule, FilterScalar[]>()
  for (const rule of rules) {
    // Words are the one field of which rules look at different places.
    const key = rule.field === 'transcript' ? `${rule.field} ${rule.op} ${rule.value}` : rule.field
    const known = byField.get(key) ?? (await readValues(database, { callId, projectId, rule }))
    byField.set(key, known)
    values.set(rule, known.slice(0, MOST_VALUES))
  }
  return values
}

type Place = { callId: number; projectId: number; rule: FilterRule }

function readValues(
  database: Database,
  { callId, projectId, rule }: Place,
): Promise<FilterScalar[]> {
  const target = findFieldTarget(rule.field)
  if (target === null) throw new Error(`There is no field ${rule.field}`)
  switch (target.kind) {
    case 'call':
      return readCallField(database, { callId, name: target.name, rule })
    case 'attribute':
      return readAttribute(database, { callId, projectId, target })
    case 'result':
      return readResults(database, { callId, target })
    default:
      return target satisfies never
  }
}

async function readCallField(
  { reader }: Database,
  { callId, name, rule }: { callId: number; name: CallFieldName; rule: FilterRule },
): Promise<FilterScalar[]> {
  const column: FieldColumn = COLUMN[name]
  switch (column.kind) {
    case 'value': {
      const row = await reader
        .selectFrom('call')
        .select(column.value.as('value'))
        .where('call.id', '=', callId)
        .executeTakeFirst()
      const { kind } = CALL_FIELDS[name]
      return row ? [toFieldValue(row.value, { kind, isMilliseconds: column.isMilliseconds })] : []
    }
    case 'tags':
      return (await listTags(reader, [callId])).get(callId) ?? []
    case 'words':
      return readWords(reader, { callId, rule })
    default:
      return column satisfies never
  }
}

async function readWords(
  reader: Database['reader'],
  { callId, rule }: { callId: number; rule: FilterRule },
): Promise<FilterScalar[]> {
  const row = await reader
    .selectFrom('call_content')
    .select('segments')
    .where('call_id', '=', callId)
    .executeTakeFirst()
  const phrase = rule.op === 'isnull' ? null : wordsPhrase(String(rule.value))
  for (const segment of JSON.parse(row?.segments ?? '[]') as Segment[]) {
    if (segment.kind !== 'speech' || segment.text === '') continue
    if (rule.op === 'isnull') return [excerpt(segment.text, []).text]
    const found = phrase === null ? [] : findPhrases(segment.text, [phrase])
    if (found.some((places) => places.length > 0)) return [excerpt(segment.text, found).text]
  }
  return []
}

async function readAttribute(
  { reader }: Database,
  {
    callId,
    projectId,
    target: { source, path },
  }: { callId: number; projectId: number; target: Extract<FieldTarget, { kind: 'attribute' }> },
): Promise<FilterScalar[]> {
  const rows = await reader
    .selectFrom('attribute_path')
    .innerJoin('call_attribute', 'call_attribute.path_id', 'attribute_path.id')
    .select(['call_attribute.kind', 'call_attribute.text_value'])
    .where('attribute_path.project_id', '=', projectId)
    .where('attribute_path.source', '=', source)
    .where('attribute_path.path', '=', path)
    .where('call_attribute.call_id', '=', callId)
    .orderBy('call_attribute.text_value')
    .orderBy('call_attribute.kind')
    .limit(MOST_VALUES)
    .execute()
  return rows.map(({ kind, text_value }) => toAttributeValue({ text: text_value, kind }))
}

async function readResults(
  { reader }: Database,
  {
    callId,
    target: { name, metricId },
  }: { callId: number; target: Extract<FieldTarget, { kind: 'result' }> },
): Promise<FilterScalar[]> {
  let results = reader
    .selectFrom('verdict')
    .innerJoin('metric', 'metric.id', 'verdict.metric_id')
    .select(['verdict.metric_id', 'verdict.score', 'verdict.passed', 'verdict.value_text'])
    .select(['verdict.explanation', 'verdict.confidence', 'metric.name'])
    .where('verdict.call_id', '=', callId)
    .where('verdict.is_current', '=', sql.lit(1))
    .orderBy('verdict.metric_id')
    .limit(MOST_VALUES)
  if (metricId !== null) results = results.where('verdict.metric_id', '=', metricId)
  const rows = await results.execute()
  return rows.flatMap((row) => resultValues(row, name))
}

type Result = {
  metric_id: number
  name: string
  score: number | null
  passed: number | null
  value_text: string | null
  explanation: string
  confidence: number | null
}

function resultValues(result: Result, name: ResultFieldName): FilterScalar[] {
  const passed = toFieldValue(result.passed, { kind: 'boolean' })
  switch (name) {
    case 'value': {
      const known = [result.score, passed, result.value_text].filter((part) => part !== null)
      return known.length === 0 ? [null] : known
    }
    case 'score':
      return [result.score]
    case 'passed':
      return [passed]
    case 'explanation':
      return [result.explanation]
    case 'confidence':
      return [result.confidence]
    case 'metric.id':
      return [result.metric_id]
    case 'metric.name':
      return [result.name]
    default:
      return name satisfies never
  }
}
