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
import { listComments } from './comments.ts'
import type { Database } from './database.ts'
import { excerpt } from './excerpt.ts'
import { toAttributeValue, toFieldValue } from './field-values.ts'
import { COLUMN, type FieldColumn } from './filter-columns.ts'
import { nextTurn } from './next-turn.ts'
import { createPhraseFinder, type SpokenPhrase, wordsPhrase } from './spoken-words.ts'
import { isStandingResult } from './standing-results.ts'
import { listTags } from './tags.ts'

const MOST_VALUES = 20
/** Searched in about 10 ms; others get their turn in between. */
const CHARACTERS_AT_ONCE = 100_000

/**
 * The values of one call that each rule looks at, at most 20: in the field's unit, null where a column was never set. For
 * `transcript` the text around the first place where the words are said.
 */
export async function readActualValues(
  database: Database,
  {
    callId,
    projectId,
    rules,
    signal,
  }: {
    callId: number
    projectId: number
    rules: readonly FilterRule[]
    signal?: AbortSignal | undefined
  },
): Promise<Map<FilterRule, FilterScalar[]>> {
  const byField = new Map<string, FilterScalar[]>()
  // Words are the one field of which rules look at different places.
  const aboutWords = rules.filter(isAboutWords)
  const values = await readWords(database.reader, { callId, rules: aboutWords, signal })
  for (const rule of rules) {
    if (isAboutWords(rule)) continue
    const known =
      byField.get(rule.field) ?? (await readValues(database, { callId, projectId, rule }))
    byField.set(rule.field, known)
    values.set(rule, known.slice(0, MOST_VALUES))
  }
  return values
}

function isAboutWords({ field }: FilterRule): boolean {
  const target = findFieldTarget(field)
  return target?.kind === 'call' && COLUMN[target.name].kind === 'words'
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
      return readCallField(database, { callId, name: target.name })
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
  { callId, name }: { callId: number; name: CallFieldName },
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
    case 'comments':
      return (await listComments(reader, callId)).map(({ text }) => text)
    case 'words':
      throw new Error(`The words of ${name} are read for all rules at once.`)
    default:
      return column satisfies never
  }
}

/** The transcript is read and searched once, whatever the number of rules: a long one takes 50 ms. */
async function readWords(
  reader: Database['reader'],
  {
    callId,
    rules,
    signal,
  }: { callId: number; rules: readonly FilterRule[]; signal: AbortSignal | undefined },
): Promise<Map<FilterRule, FilterScalar[]>> {
  const values = new Map<FilterRule, FilterScalar[]>(rules.map((rule) => [rule, []]))
  if (rules.length === 0) return values
  const row = await reader
    .selectFrom('call_content')
    .select('segments')
    .where('call_id', '=', callId)
    .executeTakeFirst()
  const segments = JSON.parse(row?.segments ?? '[]') as Segment[] // as we stored them
  const spoken = segments.flatMap((segment) =>
    segment.kind === 'speech' && segment.text !== '' ? [segment.text] : [],
  )
  const wanted = rules.flatMap((rule) => {
    const phrase = rule.op === 'isnull' ? null : wordsPhrase(String(rule.value))
    return phrase === null ? [] : [{ rule, phrase }]
  })
  const excerpts = await firstExcerpts(spoken, { phrases: wanted.map((one) => one.phrase), signal })
  for (const [index, { rule }] of wanted.entries()) {
    const found = excerpts[index]
    if (found !== undefined) values.set(rule, [found])
  }
  const [first] = spoken
  if (first === undefined) return values
  for (const rule of rules) if (rule.op === 'isnull') values.set(rule, [excerpt(first, []).text])
  return values
}

/** The text around the first place of each phrase, at its number; none where it is not said. */
async function firstExcerpts(
  spoken: readonly string[],
  { phrases, signal }: { phrases: readonly SpokenPhrase[]; signal: AbortSignal | undefined },
): Promise<(string | undefined)[]> {
  const findPhrases = createPhraseFinder(phrases)
  const excerpts: (string | undefined)[] = phrases.map(() => undefined)
  let missing = phrases.length
  let characters = 0
  for (const text of spoken) {
    if (missing === 0) return excerpts
    characters += text.length
    if (characters > CHARACTERS_AT_ONCE) {
      await nextTurn(signal)
      characters = text.length
    }
    for (const [index, places] of findPhrases(text).entries()) {
      if (places.length === 0 || excerpts[index] !== undefined) continue
      excerpts[index] = excerpt(text, [places]).text
      missing -= 1
    }
  }
  return excerpts
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
    .where(isStandingResult())
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
