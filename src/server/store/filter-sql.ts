import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import { sql } from 'kysely'
import {
  type AttributeSource,
  CALL_FIELDS,
  type FieldKind,
  type FieldTarget,
  type FilterGroup,
  type FilterNode,
  type FilterRule,
  type FilterScalar,
  findFieldTarget,
  isGroup,
  type ResultFieldName,
} from '#contract/filter.ts'
import { askingNodes } from '#contract/filter-tree.ts'
import type { Dialect, IdRange } from './dialect.ts'
import { COLUMN, type FieldColumn, toMilliseconds } from './filter-columns.ts'
import {
  type AnyBuilder,
  comparison,
  equalsOneOf,
  holds,
  listed,
  type SqlValue,
  single,
} from './filter-values.ts'
import { isSeenComment } from './seen-comments.ts'
import { isStandingResult } from './standing-results.ts'
import type { Tables } from './tables.ts'

export type FilterContext = {
  projectId: number
  now: number
  dialect: Dialect
  /** The rows that are asked about have ids of this range: the text index need not know of others. */
  range?: IdRange | undefined
}

type CallBuilder = ExpressionBuilder<Tables, 'call'>

/**
 * Whether a row of `call` is one of the filter's, as docs/filters.md says; true or false, never null. `now` is what
 * relative times count from. It says nothing of the project of the row: the caller's query does.
 */
export function filterExpression(
  eb: CallBuilder,
  { filter, ...context }: FilterContext & { filter: FilterGroup },
): Expression<SqlBool> {
  const asking = askingNodes(filter)
  if (asking === null) return eb.lit(true)
  return nodeExpression(eb, { node: asking, row: 'any', context })
}

/** `this`: in a `same_row` group, about the row of `verdict` that its sub-query looks at. */
type ResultRow = 'any' | 'this'
type Place<Node> = { node: Node; row: ResultRow; context: FilterContext }

function nodeExpression(
  eb: CallBuilder,
  { node, row, context }: Place<FilterNode>,
): Expression<SqlBool> {
  if (!isGroup(node)) return ruleExpression(eb, { node, row, context })
  const all = (within: ResultRow) =>
    node.conditions.map((child) => nodeExpression(eb, { node: child, row: within, context }))
  switch (node.operator) {
    case 'and':
      return eb.and(all(row))
    case 'or':
      return eb.or(all(row))
    case 'not':
      return eb.not(eb.or(all(row)))
    case 'same_row':
      if (row === 'this' || !mentionsResults(node)) return eb.and(all(row))
      return someResult(eb, { metricId: null, condition: eb.and(all('this')) })
    default:
      return node.operator satisfies never
  }
}

/** Whether a rule in the tree is about metric results. */
export function mentionsResults(node: FilterNode): boolean {
  if (isGroup(node)) return node.conditions.some(mentionsResults)
  return findFieldTarget(node.field)?.kind === 'result'
}

function ruleExpression(
  eb: CallBuilder,
  { node: rule, row, context }: Place<FilterRule>,
): Expression<SqlBool> {
  const target = targetOf(rule)
  switch (target.kind) {
    case 'call':
      return callRule(eb, { rule, field: COLUMN[target.name], target, context })
    case 'attribute':
      return multipleRule(eb, rule, {
        some: (condition) => someAttribute(eb, { ...target, ...context }, condition),
        test: (of) => attributeTest(eb, { ...of, context }),
        isThere: isAttributeThere(eb),
      })
    case 'result': {
      const { metricId } = target
      const inThis = (condition: Expression<SqlBool>) =>
        metricId === null ? condition : eb.and([isOfMetric(eb, metricId), condition])
      return multipleRule(eb, rule, {
        some: (condition) =>
          row === 'this' ? holds(eb, inThis(condition)) : someResult(eb, { metricId, condition }),
        test: (of) => resultTest(eb, { ...of, name: target.name, context }),
        isThere: isResultThere(eb, target.name),
      })
    }
    default:
      return target satisfies never
  }
}

function isAttributeThere(eb: AnyBuilder): Expression<SqlBool> {
  return eb.and([
    eb('call_attribute.kind', '!=', 'null'),
    eb('call_attribute.text_value', '!=', ''),
  ])
}

function isOfMetric(eb: AnyBuilder, metricId: number): Expression<SqlBool> {
  return eb('verdict.metric_id', '=', metricId)
}

export function targetOf(rule: FilterRule): FieldTarget {
  const target = findFieldTarget(rule.field)
  if (target === null) throw new Error(`A filter was not parsed: it names the field ${rule.field}`)
  return target
}

function callRule(
  eb: CallBuilder,
  {
    rule,
    field,
    target,
    context,
  }: {
    rule: FilterRule
    field: FieldColumn
    target: Extract<FieldTarget, { kind: 'call' }>
    context: FilterContext
  },
): Expression<SqlBool> {
  switch (field.kind) {
    case 'value':
      return valueRule(eb, {
        rule,
        target: callValue(field, CALL_FIELDS[target.name].kind),
        context,
      })
    case 'tags':
      return multipleRule(eb, rule, {
        some: (condition) => someTag(eb, condition),
        test: ({ op, wanted }) => tagTest(eb, { op, wanted, context }),
        isThere: eb.lit(true),
      })
    case 'comments':
      return multipleRule(eb, rule, {
        some: (condition) => someComment(eb, condition),
        test: ({ op, wanted }) => commentTest(eb, { op, wanted, context }),
        isThere: eb.lit(true),
      })
    case 'words':
      return wordsRule(eb, { rule, context })
    default:
      return field satisfies never
  }
}

export function callValue(
  { value, isMilliseconds }: Extract<FieldColumn, { kind: 'value' }>,
  kind: FieldKind,
): SqlValue {
  return { value, kind: SQL_KIND[kind], toColumn: isMilliseconds && toMilliseconds }
}

const SQL_KIND = {
  text: 'text',
  words: 'text',
  choice: 'text',
  any: 'text',
  number: 'number',
  boolean: 'boolean',
  time: 'time',
} as const satisfies Record<FieldKind, SqlValue['kind']>

/** A rule about the one value that a call has or has not. */
function valueRule(
  eb: CallBuilder,
  { rule, target, context }: { rule: FilterRule; target: SqlValue; context: FilterContext },
): Expression<SqlBool> {
  const { op, value } = rule
  if (op === 'isnull') {
    const isEmpty =
      target.kind === 'text'
        ? eb.or([eb(target.value, 'is', null), eb(target.value, '=', '')])
        : eb(target.value, 'is', null)
    return value === true ? holds(eb, isEmpty) : eb.not(holds(eb, isEmpty))
  }
  if (op === 'in') return holds(eb, equalsOneOf(eb, target, { wanted: listed(value), ...context }))
  const wanted = single(value)
  if (op === 'neq') {
    return eb.not(holds(eb, comparison(eb, target, { op: 'eq', wanted, ...context })))
  }
  return holds(eb, comparison(eb, target, { op, wanted, ...context }))
}

type Test = { op: FilterRule['op']; wanted: readonly FilterScalar[] }

/** A rule about values of which a call can have any number. */
function multipleRule(
  eb: AnyBuilder,
  { op, value }: FilterRule,
  {
    some,
    test,
    isThere,
  }: {
    /** True for calls that have a value of which the condition is true. */
    some: (condition: Expression<SqlBool>) => Expression<SqlBool>
    /** The condition on one value; of several wanted values one must fit. */
    test: (of: Test) => Expression<SqlBool>
    /** The condition of being more than null and empty text. */
    isThere: Expression<SqlBool>
  },
): Expression<SqlBool> {
  if (op === 'isnull') return value === true ? eb.not(some(isThere)) : some(isThere)
  if (op === 'neq') return eb.not(some(test({ op: 'eq', wanted: [single(value)] })))
  if (op === 'in') return some(test({ op: 'eq', wanted: listed(value) }))
  return some(test({ op, wanted: [single(value)] }))
}

function someTag(eb: CallBuilder, condition: Expression<SqlBool>): Expression<SqlBool> {
  return holds(
    eb,
    eb.exists(
      eb
        .selectFrom('call_tag')
        .select(eb.lit(1).as('found'))
        .whereRef('call_tag.call_id', '=', 'call.id')
        .where(holds(eb, condition)),
    ),
  )
}

export function tagTest(
  eb: AnyBuilder,
  { op, wanted, context }: Test & { context: FilterContext },
): Expression<SqlBool> {
  return valueTest(eb, { value: eb.ref('call_tag.tag'), kind: 'text' }, { op, wanted, context })
}

function someComment(eb: CallBuilder, condition: Expression<SqlBool>): Expression<SqlBool> {
  const hasOne = eb.exists(
    eb
      .selectFrom('call_comment')
      .select(eb.lit(1).as('found'))
      .whereRef('call_comment.call_id', '=', 'call.id')
      .where(isSeenComment())
      .where(holds(eb, condition)),
  )
  // Few calls have comments: the others are not looked up.
  return holds(eb, eb.and([eb('call.comment_count', '>', eb.lit(0)), hasOne]))
}

function commentTest(
  eb: AnyBuilder,
  { op, wanted, context }: Test & { context: FilterContext },
): Expression<SqlBool> {
  return valueTest(
    eb,
    { value: eb.ref('call_comment.text'), kind: 'text' },
    { op, wanted, context },
  )
}

function valueTest(
  eb: AnyBuilder,
  target: SqlValue,
  { op, wanted, context }: Test & { context: FilterContext },
): Expression<SqlBool> {
  if (op === 'eq') return equalsOneOf(eb, target, { wanted, ...context })
  return comparison(eb, target, { op, wanted: wanted[0] ?? null, ...context })
}

function wordsRule(
  eb: CallBuilder,
  { rule, context }: { rule: FilterRule; context: FilterContext },
): Expression<SqlBool> {
  if (rule.op !== 'isnull') {
    const found = context.dialect.findPhrase(String(single(rule.value)), context.range)
    return sql<SqlBool>`(call.id in (${found}))`
  }
  const hasWords = eb.exists(
    eb
      .selectFrom('call_content')
      .select(eb.lit(1).as('found'))
      .whereRef('call_content.call_id', '=', 'call.id')
      .where('call_content.transcript_text', '!=', ''),
  )
  return rule.value === true ? eb.not(holds(eb, hasWords)) : holds(eb, hasWords)
}

/** The number of a path in the project; no row where no call has it. */
export function pathId(
  eb: AnyBuilder,
  { source, path, projectId }: { source: AttributeSource; path: string; projectId: number },
) {
  return eb
    .selectFrom('attribute_path')
    .select('attribute_path.id')
    .where('attribute_path.project_id', '=', projectId)
    .where('attribute_path.source', '=', source)
    .where('attribute_path.path', '=', path)
}

function someAttribute(
  eb: CallBuilder,
  path: Parameters<typeof pathId>[1],
  condition: Expression<SqlBool>,
): Expression<SqlBool> {
  return holds(
    eb,
    eb.exists(
      eb
        .selectFrom('call_attribute')
        .select(eb.lit(1).as('found'))
        .whereRef('call_attribute.call_id', '=', 'call.id')
        .where('call_attribute.path_id', '=', pathId(eb, path))
        // Opaque, or SQLite looks for the value among all calls instead of among those of this one.
        .where(holds(eb, condition)),
    ),
  )
}

/** Numbers compare with numbers and with text that spells one, text with the text of whatever is there. */
export function attributeTest(
  eb: AnyBuilder,
  { op, wanted, context }: Test & { context: FilterContext },
): Expression<SqlBool> {
  const isNumeric = (one: FilterScalar) => typeof one === 'number' && isOrdered(op)
  const numbers = wanted.filter(isNumeric)
  const texts = wanted.filter((one) => one !== null && !isNumeric(one)).map(String)
  const number = { value: eb.ref('call_attribute.number_value'), kind: 'number' } as const
  const text = { value: eb.ref('call_attribute.text_value'), kind: 'text' } as const
  return eb.or([
    ...(numbers.length === 0 ? [] : [valueTest(eb, number, { op, wanted: numbers, context })]),
    ...(texts.length === 0
      ? []
      : [
          eb.and([
            valueTest(eb, text, { op, wanted: texts, context }),
            eb('call_attribute.kind', '!=', 'null'),
          ]),
        ]),
    ...(op === 'eq' && wanted.includes(null) ? [eb('call_attribute.kind', '=', 'null')] : []),
  ])
}

function isOrdered(op: FilterRule['op']): boolean {
  return op === 'eq' || op === 'gt' || op === 'gte' || op === 'lt' || op === 'lte'
}

function someResult(
  eb: CallBuilder,
  { metricId, condition }: { metricId: number | null; condition: Expression<SqlBool> },
): Expression<SqlBool> {
  return holds(
    eb,
    eb.exists(
      eb
        .selectFrom('verdict')
        .select(eb.lit(1).as('found'))
        .whereRef('verdict.call_id', '=', 'call.id')
        // Beside the call it leads to one row of an index; left in the condition, to every result of the call.
        .$if(metricId !== null, (own) => own.where('verdict.metric_id', '=', metricId))
        // Opaque, or SQLite looks through all results of the metric by one of its partial indexes.
        .where((own) =>
          holds(own, own.and([own('verdict.is_current', '=', 1), isStandingResult(), condition])),
        ),
    ),
  )
}

/** `value` is the score, the verdict or the label, as the wanted value is a number, true or false, or text. */
export function resultTest(
  eb: AnyBuilder,
  { op, wanted, name, context }: Test & { name: ResultFieldName; context: FilterContext },
): Expression<SqlBool> {
  if (name !== 'value') return valueTest(eb, resultValue(eb, name), { op, wanted, context })
  const isOfKind: Record<'score' | 'passed' | 'label', (one: FilterScalar) => boolean> = {
    score: (one) => typeof one === 'number',
    passed: (one) => typeof one === 'boolean',
    label: (one) => typeof one === 'string',
  }
  const parts = (['score', 'passed', 'label'] as const).flatMap((part) => {
    const own = wanted.filter(isOfKind[part])
    if (own.length === 0) return []
    return valueTest(eb, resultValue(eb, part), { op, wanted: own, context })
  })
  if (op === 'eq' && wanted.includes(null)) parts.push(eb.not(hasAnyValue(eb)))
  return eb.or(parts)
}

function resultValue(eb: AnyBuilder, name: Exclude<ResultFieldName, 'value'> | 'label'): SqlValue {
  switch (name) {
    case 'label':
      return { value: eb.ref('verdict.value_text'), kind: 'text' }
    case 'score':
      return { value: eb.ref('verdict.score'), kind: 'number' }
    case 'passed':
      return { value: eb.ref('verdict.passed'), kind: 'boolean' }
    case 'explanation':
      return { value: eb.ref('verdict.explanation'), kind: 'text' }
    case 'confidence':
      return { value: eb.ref('verdict.confidence'), kind: 'number' }
    case 'metric.id':
      return { value: eb.ref('verdict.metric_id'), kind: 'number' }
    case 'metric.name':
      return {
        value: sql`(select metric.name from metric where metric.id = ${eb.ref('verdict.metric_id')})`,
        kind: 'text',
      }
    default:
      return name satisfies never
  }
}

function hasAnyValue(eb: AnyBuilder): Expression<SqlBool> {
  return eb.or([
    eb('verdict.score', 'is not', null),
    eb('verdict.passed', 'is not', null),
    eb('verdict.value_text', 'is not', null),
  ])
}

function isResultThere(eb: AnyBuilder, name: ResultFieldName): Expression<SqlBool> {
  if (name === 'value') {
    return eb.or([
      eb('verdict.score', 'is not', null),
      eb('verdict.passed', 'is not', null),
      eb('verdict.value_text', '!=', ''),
    ])
  }
  const { value, kind } = resultValue(eb, name)
  return kind === 'text' ? eb(value, '!=', '') : eb(value, 'is not', null)
}
