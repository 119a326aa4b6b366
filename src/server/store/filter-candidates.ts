import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import {
  CALL_FIELDS,
  type FilterGroup,
  type FilterNode,
  type FilterOp,
  type FilterRule,
  findFieldTarget,
  isGroup,
  type ResultFieldName,
} from '#contract/filter.ts'
import { COLUMN, type FieldColumn, type IndexedColumn } from './filter-columns.ts'
import {
  attributeTest,
  callValue,
  type FilterContext,
  mentionsResults,
  pathId,
  resultTest,
  tagTest,
  targetOf,
} from './filter-sql.ts'
import { comparison, equalsOneOf, listed, single } from './filter-values.ts'
import type { Tables } from './tables.ts'

/** A sub-query with the column `id`: all calls that can be meant, read through an index, maybe more and more than once. */
export type Candidates = Expression<{ id: number }>

type CallBuilder = ExpressionBuilder<Tables, 'call'>

/** The conditions of which every one must hold: groups within groups are one list. */
export function conjuncts(filter: FilterGroup): FilterNode[] {
  const isPlain =
    filter.operator === 'and' || (filter.operator === 'same_row' && !mentionsResults(filter))
  if (!isPlain) return [filter]
  return filter.conditions.flatMap((node) => (isGroup(node) ? conjuncts(node) : [node]))
}

/** Null where no index knows the calls of a node. They may be of other projects. */
export function candidatesOf(
  eb: CallBuilder,
  node: FilterNode,
  context: FilterContext,
): Candidates | null {
  if (!isGroup(node)) return ruleCandidates(eb, node, context)
  switch (node.operator) {
    case 'or': {
      const parts = node.conditions.map((child) => candidatesOf(eb, child, context))
      const known = parts.filter((part) => part !== null)
      if (known.length < parts.length) return null
      return sql`${sql.join(
        known.map((part) => sql`select id from (${part})`),
        sql` union all `,
      )}`
    }
    case 'and':
      return firstCandidates(eb, node.conditions, context)
    case 'same_row':
      return sameRowCandidates(eb, node, context)
    case 'not':
      return null
    default:
      return node.operator satisfies never
  }
}

function firstCandidates(
  eb: CallBuilder,
  nodes: readonly FilterNode[],
  context: FilterContext,
): Candidates | null {
  for (const node of nodes) {
    const found = candidatesOf(eb, node, context)
    if (found !== null) return found
  }
  return null
}

/** Where the group names the metric, its other rules are about that metric's results alone. */
function sameRowCandidates(
  eb: CallBuilder,
  group: FilterGroup,
  context: FilterContext,
): Candidates | null {
  if (!mentionsResults(group)) return firstCandidates(eb, group.conditions, context)
  const metric = metricNamed(group)
  for (const node of group.conditions) {
    if (isGroup(node)) continue
    const found = ruleCandidates(eb, node, context, metric)
    if (found !== null) return found
  }
  return null
}

type MetricName = { id: number } | { name: string }

function metricNamed(group: FilterGroup): MetricName | null {
  for (const node of group.conditions) {
    if (isGroup(node) || node.op !== 'eq') continue
    const target = findFieldTarget(node.field)
    if (target?.kind !== 'result') continue
    const value = single(node.value)
    if (target.metricId !== null) return { id: target.metricId }
    if (target.name === 'metric.id' && typeof value === 'number') return { id: value }
    if (target.name === 'metric.name' && typeof value === 'string') return { name: value }
  }
  return null
}

const INDEXED_OPS: readonly FilterOp[] = ['eq', 'in', 'gt', 'gte', 'lt', 'lte']

function ruleCandidates(
  eb: CallBuilder,
  rule: FilterRule,
  context: FilterContext,
  metric: MetricName | null = null,
): Candidates | null {
  const target = targetOf(rule)
  switch (target.kind) {
    case 'call': {
      const field: FieldColumn = COLUMN[target.name]
      if (field.kind === 'words') return wordsCandidates(rule, context)
      if (field.kind === 'tags') return tagCandidates(eb, rule, context)
      return columnCandidates(eb, { rule, name: target.name, context })
    }
    case 'attribute':
      return attributeCandidates(eb, { rule, path: { ...target, ...context }, context })
    case 'result': {
      const { name } = target
      const ofMetric = target.metricId === null ? metric : { id: target.metricId }
      return resultCandidates(eb, { rule, name, metric: ofMetric, context })
    }
    default:
      return target satisfies never
  }
}

/** A rule's operator and values with `in` as `eq`; null for what finds nothing through an index. */
function indexedTest({ op, value }: FilterRule) {
  if (!INDEXED_OPS.includes(op)) return null
  const wanted = op === 'in' ? listed(value) : [single(value)]
  if (wanted.length === 0 || wanted.includes(null)) return null
  return { op: op === 'in' ? ('eq' as const) : op, wanted }
}

function wordsCandidates({ op, value }: FilterRule, { dialect }: FilterContext): Candidates | null {
  return op === 'contains' ? dialect.findPhrase(String(single(value))) : null
}

function tagCandidates(
  eb: CallBuilder,
  rule: FilterRule,
  context: FilterContext,
): Candidates | null {
  const test = indexedTest(rule)
  if (test === null && !(rule.op === 'isnull' && rule.value === false)) return null
  const tagged = eb.selectFrom('call_tag').select('call_tag.call_id as id')
  return test === null ? tagged : tagged.where(tagTest(eb, { ...test, context }))
}

/** `outcome` is read through the index of `status`, which it is made of. */
function columnCandidates(
  eb: CallBuilder,
  { rule, name, context }: { rule: FilterRule; name: keyof typeof COLUMN; context: FilterContext },
): Candidates | null {
  const test = indexedTest(rule)
  if (test === null) return null
  if (name === 'agent.id') {
    const target = { value: eb.ref('call.agent_id'), kind: 'number' } as const
    if (test.op !== 'eq') return null
    return ownCalls(eb).where(equalsOneOf(eb, target, { wanted: test.wanted, ...context }))
  }
  if (name === 'outcome') {
    const statuses = test.wanted.flatMap((one) =>
      one === 'not-evaluated' ? ['success', 'failure'] : [one],
    )
    return columnCandidates(eb, {
      rule: { field: 'status', op: 'in', value: statuses },
      name: 'status',
      context,
    })
  }
  const found = columnTest(eb, { rule, name, context })
  if (found === null) return null
  const partial = partialCondition(eb, found.index, test)
  if (partial === null) return null
  return ownCalls(eb)
    .where('call.project_id', '=', context.projectId)
    .where(eb.and([found.condition, ...partial]))
}

/** What a rule says of a column, as SQLite's planner can use it; null for a rule about anything else. */
export function columnBound(
  eb: CallBuilder,
  { rule, column, context }: { rule: FilterRule; column: string; context: FilterContext },
): Expression<SqlBool> | null {
  const target = targetOf(rule)
  if (target.kind !== 'call') return null
  const found = columnTest(eb, { rule, name: target.name, context })
  return found?.index === column ? found.condition : null
}

function columnTest(
  eb: CallBuilder,
  { rule, name, context }: { rule: FilterRule; name: keyof typeof COLUMN; context: FilterContext },
): { index: IndexedColumn; condition: Expression<SqlBool> } | null {
  const test = indexedTest(rule)
  const field: FieldColumn = COLUMN[name]
  if (test === null || field.kind !== 'value' || field.index === undefined) return null
  const target = callValue(field, CALL_FIELDS[name].kind)
  const { op, wanted } = test
  const condition =
    op === 'eq'
      ? equalsOneOf(eb, target, { wanted, ...context })
      : comparison(eb, target, { op, wanted: wanted[0] ?? null, ...context })
  return { index: field.index, condition }
}

/** What tells SQLite that a partial index holds all rows of the condition; null where it does not. */
function partialCondition(
  eb: CallBuilder,
  index: IndexedColumn,
  { op, wanted }: { op: FilterOp; wanted: readonly unknown[] },
): Expression<SqlBool>[] | null {
  if (index === 'longest_gap_ms') return [eb('call.longest_gap_ms', 'is not', null)]
  if (index !== 'tool_error_count') return []
  const isAboveZero = wanted.every(
    (one) => typeof one === 'number' && (one > 0 || (one === 0 && op === 'gt')),
  )
  if (!isAboveZero || op === 'lt' || op === 'lte') return null
  return [eb('call.tool_error_count', '>', eb.lit(0))]
}

function ownCalls(eb: CallBuilder) {
  return eb.selectFrom('call').select('call.id as id')
}

function attributeCandidates(
  eb: CallBuilder,
  {
    rule,
    path,
    context,
  }: { rule: FilterRule; path: Parameters<typeof pathId>[1]; context: FilterContext },
): Candidates | null {
  // The complement of a path's calls is not in its index.
  if (rule.op === 'neq' || (rule.op === 'isnull' && rule.value === true)) return null
  const withPath = eb
    .selectFrom('call_attribute')
    .select('call_attribute.call_id as id')
    .where('call_attribute.path_id', '=', pathId(eb, path))
  const test = indexedTest(rule)
  return test === null ? withPath : withPath.where(attributeTest(eb, { ...test, context }))
}

function resultCandidates(
  eb: CallBuilder,
  {
    rule,
    name,
    metric,
    context,
  }: {
    rule: FilterRule
    name: ResultFieldName
    metric: MetricName | null
    context: FilterContext
  },
): Candidates | null {
  const test = indexedTest(rule)
  if (test === null || (name !== 'value' && name !== 'score' && name !== 'passed')) return null
  // Each kind of value has an index of its own.
  const [kind, ...more] = new Set(test.wanted.map((one) => typeof one))
  if (more.length > 0 || kind === undefined) return null
  const column = RESULT_INDEX[kind]
  if (column === undefined) return null
  return eb
    .selectFrom('verdict')
    .select('verdict.call_id as id')
    .where('verdict.is_current', '=', eb.lit(1))
    .where(`verdict.${column}`, 'is not', null)
    .where(metricCondition(eb, metric, context))
    .where(resultTest(eb, { ...test, name, context }))
}

const RESULT_INDEX: Record<string, 'score' | 'passed' | 'value_text'> = {
  number: 'score',
  boolean: 'passed',
  string: 'value_text',
}

function metricCondition(
  eb: CallBuilder,
  metric: MetricName | null,
  { projectId }: FilterContext,
): Expression<SqlBool> {
  if (metric !== null && 'id' in metric) {
    return sql<SqlBool>`${sql.ref('verdict.metric_id')} = ${metric.id}`
  }
  const own = eb.selectFrom('metric').select('metric.id').where('metric.project_id', '=', projectId)
  const wanted = metric === null ? own : own.where('metric.name', '=', metric.name)
  return sql<SqlBool>`${sql.ref('verdict.metric_id')} in (${wanted})`
}
