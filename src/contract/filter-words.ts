import {
  type CallFieldName,
  type FieldTarget,
  type FilterField,
  type FilterGroup,
  type FilterNode,
  type FilterOp,
  type FilterRule,
  type FilterScalar,
  findField,
  findFieldTarget,
  isGroup,
  type ResultFieldName,
} from './filter.ts'
import { askingNodes } from './filter-tree.ts'
import { timeName, timeWords } from './time-words.ts'

/** Names of what a filter names by number; without one the number is shown. */
export type FilterNames = {
  metricName?: (id: number) => string | undefined
  agentName?: (id: number) => string | undefined
}

/**
 * The whole filter as a sentence: “Calls that failed, and either whose duration is over 1m 30s or that were reviewed, but
 * none whose topic contains “refund””. Disabled nodes are left out, and so are groups around a single condition, which
 * change nothing; other groupings of the same rules never read alike. “Every call” if nothing is asked.
 */
export function describeFilter(filter: FilterGroup, names: FilterNames = {}): string {
  const asking = askingNodes(filter)
  if (asking === null) return 'Every call'
  const node = simplified(asking)
  if (!isGroup(node)) return `Calls ${clause(node, { names })}`
  switch (node.operator) {
    case 'and':
      return `Calls ${conjunction(node, { names })}`
    case 'or':
      return `Calls ${outerList(node.conditions, { word: 'or', context: { names } })}`
    case 'not':
      return `Every call except those ${outerList(node.conditions, { word: 'or', context: { names } })}`
    case 'same_row': {
      const context = { names, isOneResult: true as const }
      return `Calls with one metric result ${outerList(node.conditions, { word: 'and', context })}`
    }
    default:
      return node.operator satisfies never
  }
}

/** As `describeFilter`, with the words that are searched for as well: “…, and of these only those that mention “cancel””. */
export function describeSelection(
  { filter, search }: { filter: FilterGroup; search: string },
  names: FilterNames = {},
): string {
  const sentence = describeFilter(filter, names)
  const words = search.trim()
  if (words === '') return sentence
  if (askingNodes(filter) === null) return `Calls that mention “${words}”`
  return `${sentence}, and of these only those that mention “${words}”`
}

/** A rule by itself, as on a chip: “Duration is at least 1m 30s”, “Has a recording: no”. Also if it is disabled. */
export function describeRule(rule: FilterRule, names: FilterNames = {}): string {
  const field = findField(rule.field)
  const label = fieldLabel(rule.field, names)
  if (field === null) return `${label} ${rule.op} ${valueText(rule, names)}`
  if (field.kind === 'time' && isTimeComparison(rule)) {
    return `${label} ${timeWords(String(rule.value), rule.op)}`
  }
  if (field.kind === 'boolean' && typeof rule.value === 'boolean' && rule.op !== 'isnull') {
    return `${label}: ${rule.op === 'neq' ? 'not ' : ''}${rule.value ? 'yes' : 'no'}`
  }
  return `${label} ${predicate(rule, names)}`
}

/** A rule as on a chip, a group as a sentence of its own; also if they are disabled. */
export function describeNode(node: FilterNode, names: FilterNames = {}): string {
  if (!isGroup(node)) return describeRule(node, names)
  return describeFilter({ operator: node.operator, conditions: node.conditions }, names)
}

/** “Longest response gap”, “Accuracy: value”, “metadata.order.plan”; the name itself where no field has it. */
export function fieldLabel(name: string, names: FilterNames = {}): string {
  const target = findFieldTarget(name)
  const field = findField(name)
  if (target === null || field === null) return name
  if (target.kind === 'attribute') return `${target.source}.${target.path}`
  if (target.kind !== 'result' || target.metricId === null) return field.label
  const metricName = names.metricName?.(target.metricId)
  if (metricName === undefined) return field.label
  return field.label.replace(/^Metric \d+/, () => metricName)
}

const OP_LABEL: Record<FilterOp, string> = {
  eq: 'is',
  neq: 'is not',
  gt: 'is over',
  gte: 'is at least',
  lt: 'is under',
  lte: 'is at most',
  contains: 'contains',
  startswith: 'starts with',
  endswith: 'ends with',
  regex: 'matches',
  in: 'is one of',
  isnull: 'is empty',
}

const TIME_OP_LABEL: Partial<Record<FilterOp, string>> = {
  gt: 'is after',
  gte: 'is at or after',
  lt: 'is before',
  lte: 'is at or before',
}

/** How an operator is called where one is chosen for `field`. */
export function opLabel(op: FilterOp, field: Pick<FilterField, 'kind'>): string {
  if (field.kind === 'time') return TIME_OP_LABEL[op] ?? OP_LABEL[op]
  if (field.kind === 'words' && op === 'contains') return 'says'
  return OP_LABEL[op]
}

/** Lists are cut here: nobody reads a sentence with more. */
const MOST_VALUES = 10

/** The value with its unit: “1m 30s”, “25%”, “Reviewed failure”, “7 days ago”. */
export function valueText(rule: FilterRule, names: FilterNames = {}): string {
  const texts = valueTexts(rule, names)
  return texts.length === 0 ? 'an empty list' : texts.join(', ')
}

/** One text per value; of a long list the last one counts those that are not shown. */
function valueTexts(rule: FilterRule, names: FilterNames): string[] {
  const values = isList(rule.value) ? rule.value : [rule.value]
  const shown = values.slice(0, MOST_VALUES).map((value) => scalarText(value, { rule, names }))
  const more = values.length - shown.length
  return more === 0 ? shown : [...shown, `${more} more`]
}

function isList(value: FilterRule['value']): value is readonly FilterScalar[] {
  return Array.isArray(value)
}

type RuleContext = { rule: FilterRule; names: FilterNames }

function scalarText(value: FilterScalar, { rule, names }: RuleContext): string {
  const field = findField(rule.field)
  if (value === null) return 'null'
  if (typeof value === 'boolean') {
    return field?.kind === 'boolean' ? (value ? 'yes' : 'no') : String(value)
  }
  if (typeof value === 'number') return numberText(value, { rule, names })
  if (value === '') return 'empty text'
  if (field?.kind === 'time') return timeName(value)
  const choice = field?.choices?.find((one) => one.value === value)
  return choice?.label ?? `“${value}”`
}

function numberText(value: number, { rule, names }: RuleContext): string {
  const field = findField(rule.field)
  switch (field?.unit) {
    case 'seconds':
      return secondsText(value)
    case 'share':
      return `${rounded(value * 100)}%`
    case 'id': {
      const name = nameOf(value, { rule, names })
      return name === undefined ? String(value) : `${name} (${value})`
    }
    default:
      return String(value)
  }
}

function nameOf(id: number, { rule, names }: RuleContext): string | undefined {
  if (rule.field === 'agent.id') return names.agentName?.(id)
  return rule.field === 'metric_evaluations.metric.id' ? names.metricName?.(id) : undefined
}

/** `3s`, `1m 30s`, `2h`, `1h 0m 5s`. */
function secondsText(seconds: number): string {
  const size = Math.abs(seconds)
  const sign = seconds < 0 ? '-' : ''
  if (size < 60 || size >= 1e9) return `${seconds}s`
  const [hours, minutes] = [Math.floor(size / 3600), Math.floor((size % 3600) / 60)]
  const rest = rounded(size % 60)
  const parts = [
    ...(hours > 0 ? [`${hours}h`] : []),
    ...(minutes > 0 || (hours > 0 && rest > 0) ? [`${minutes}m`] : []),
    ...(rest > 0 ? [`${rest}s`] : []),
  ]
  return sign + parts.join(' ')
}

/** Without the noise of binary fractions: 0.07 * 100 is 7. */
function rounded(value: number): number {
  return Number(value.toPrecision(12))
}

/** What follows the field's name: “is at least 1m 30s”, “is not empty”. */
function predicate(rule: FilterRule, names: FilterNames): string {
  const kind = findField(rule.field)?.kind ?? 'any'
  if (rule.op === 'isnull') return rule.value === true ? 'is empty' : 'is not empty'
  const [first, ...rest] = valueTexts(rule, names)
  if (rule.op !== 'in' || first === undefined) {
    return `${opLabel(rule.op, { kind })} ${valueText(rule, names)}`
  }
  return rest.length === 0 ? `is ${first}` : `is one of ${joined([first, ...rest], 'or')}`
}

function isTimeComparison({ op, value }: FilterRule): boolean {
  return op !== 'isnull' && typeof value === 'string'
}

/**
 * Groups around a single condition taken away, where that changes nothing. A `same_row` without rules about results, or
 * inside another, is an `and`; docs/filters.md.
 */
function simplified(node: FilterNode, place: 'in-row' | 'outside' = 'outside'): FilterNode {
  if (!isGroup(node)) return node
  const isRow = node.operator === 'same_row' && place === 'outside' && asksOfResults(node)
  const operator = node.operator === 'same_row' && !isRow ? 'and' : node.operator
  const conditions = node.conditions.map((one) => simplified(one, isRow ? 'in-row' : place))
  const [only, second] = conditions
  const isPlain = operator === 'and' || operator === 'or'
  if (isPlain && only !== undefined && second === undefined) return only
  return { operator, conditions }
}

function asksOfResults(node: FilterNode): boolean {
  if (isGroup(node)) return node.conditions.some(asksOfResults)
  return findFieldTarget(node.field)?.kind === 'result'
}

/** `isOneResult`: inside `same_row`, where rules about results are about the one at hand. */
type Context = { names: FilterNames; isOneResult?: true }

/** The outermost `and`; what is ruled out at its end follows as “but none …”. */
function conjunction({ conditions }: FilterGroup, context: Context): string {
  const end = conditions.findLastIndex((node) => !isExclusion(node)) + 1
  if (end === 0) return outerList(conditions, { word: 'and', context })
  const kept = outerList(conditions.slice(0, end), { word: 'and', context })
  const excluded = conditions.slice(end).map((node) => {
    const rules = isGroup(node) ? node.conditions : [node]
    return `, but none ${listed(rules, { word: 'or', context })}`
  })
  return kept + excluded.join('')
}

/** A `not` of rules alone, which reads well after “but none”. */
function isExclusion(node: FilterNode): boolean {
  return isGroup(node) && node.operator === 'not' && !node.conditions.some(isGroup)
}

type Joint = { word: 'and' | 'or'; context: Context }

/** The outermost list. Among groups a comma stands before each “and”, so that it is told from one inside a group. */
function outerList(nodes: readonly FilterNode[], { word, context }: Joint): string {
  if (!nodes.some(isGroup)) return listed(nodes, { word, context })
  return nodes.map((node) => innerPhrase(node, context)).join(`, ${word} `)
}

/** A group directly below the outermost: “either … or …”. Groups in it stand in parentheses. */
function innerPhrase(node: FilterNode, context: Context): string {
  if (isGroup(node) && node.operator === 'or') {
    return `either ${listed(node.conditions, { word: 'or', context })}`
  }
  if (isGroup(node) && node.operator === 'and' && node.conditions.length === 2) {
    return `both ${listed(node.conditions, { word: 'and', context })}`
  }
  return phrase(node, context)
}

/** A node anywhere inside: groups in parentheses. */
function phrase(node: FilterNode, context: Context): string {
  if (!isGroup(node)) return clause(node, context)
  switch (node.operator) {
    case 'and':
    case 'or':
      return `(${listed(node.conditions, { word: node.operator, context })})`
    case 'not':
      return `not among those (${listed(node.conditions, { word: 'or', context })})`
    case 'same_row': {
      const inside = { ...context, isOneResult: true as const }
      return `with one metric result (${listed(node.conditions, { word: 'and', context: inside })})`
    }
    default:
      return node.operator satisfies never
  }
}

/** “A, B and C”. */
function listed(nodes: readonly FilterNode[], { word, context }: Joint): string {
  return joined(
    nodes.map((node) => phrase(node, context)),
    word,
  )
}

function joined(texts: readonly string[], word: Joint['word']): string {
  const last = texts.at(-1) ?? ''
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(', ')} ${word} ${last}`
}

const BOOLEAN_CLAUSE: Partial<Record<CallFieldName, { yes: string; no: string }>> = {
  success: { yes: 'that succeeded', no: 'that failed' },
  has_recording: { yes: 'with a recording', no: 'without a recording' },
  is_demo: { yes: 'that are demo calls', no: 'that are not demo calls' },
  is_reviewed: { yes: 'that were reviewed', no: 'that were not reviewed' },
  has_comment: { yes: 'with a comment', no: 'without a comment' },
  has_open_comment: { yes: 'with an open comment', no: 'without an open comment' },
  has_vote: { yes: 'with a vote', no: 'without a vote' },
  disagrees_with_judge: {
    yes: 'on which the reviewer disagrees with the judge',
    no: 'on which the reviewer agrees with the judge',
  },
}

const TIME_CLAUSE: Partial<Record<CallFieldName, string>> = {
  timestamp: 'that started',
  created_at: 'that were received',
  updated_at: 'that last changed',
}

/** What a rule says of calls, as it follows “Calls”: “whose duration is over 3s”, “that failed”, “tagged “x””. */
function clause(rule: FilterRule, context: Context): string {
  const target = findFieldTarget(rule.field)
  if (target?.kind === 'result') return resultClause(rule, context)
  const ofCall = callClause(rule, { target, names: context.names })
  return context.isOneResult ? `in a call ${ofCall}` : ofCall
}

type NamedRule = { name: CallFieldName; names: FilterNames }

type CallTarget = { target: Exclude<FieldTarget, { kind: 'result' }> | null; names: FilterNames }

function callClause(rule: FilterRule, { target, names }: CallTarget): string {
  if (target === null) return `whose ${rule.field} ${predicate(rule, names)}`
  if (target.kind === 'attribute') {
    return `whose ${attributeNoun(rule.field)} ${predicate(rule, names)}`
  }
  const { name } = target
  const own = ownClause(rule, name)
  if (own !== null) return own
  if (name === 'tag') return tagClause(rule, names)
  return `whose ${callNoun(rule, { name, names })} ${predicate(rule, names)}`
}

/** Clauses that read better than “whose … is …”; null where there is none. */
function ownClause({ op, value }: FilterRule, name: CallFieldName): string | null {
  const words = BOOLEAN_CLAUSE[name]
  if (words && op === 'eq' && typeof value === 'boolean') return value ? words.yes : words.no
  const verb = TIME_CLAUSE[name]
  if (verb && op !== 'isnull' && typeof value === 'string') return `${verb} ${timeWords(value, op)}`
  if (name === 'transcript' && op === 'contains') return `in which “${value}” is said`
  return null
}

function tagClause(rule: FilterRule, names: FilterNames): string {
  switch (rule.op) {
    case 'isnull':
      return rule.value === true ? 'without a tag' : 'with a tag'
    case 'eq':
      return `tagged ${valueText(rule, names)}`
    case 'neq':
      return `not tagged ${valueText(rule, names)}`
    case 'in':
      return `tagged ${joined(valueTexts(rule, names), 'or') || valueText(rule, names)}`
    default:
      return `with a tag that ${predicate(rule, names)}`
  }
}

function callNoun(rule: FilterRule, { name, names }: NamedRule): string {
  const field = findField(name)
  if (name === 'agent.id' && isNamed(rule, names)) return 'agent'
  const noun = lowerFirst(field?.label ?? name)
  const isCount = field?.unit === 'count' || field?.unit === 'words-per-minute'
  if (field?.kind === 'boolean' || field?.kind === 'time') return `“${field.label}”`
  return isCount ? `number of ${noun}` : noun
}

function isNamed({ value }: FilterRule, { agentName }: FilterNames): boolean {
  const ids: readonly unknown[] = Array.isArray(value) ? value : [value]
  return (
    ids.length > 0 && ids.every((id) => typeof id === 'number' && agentName?.(id) !== undefined)
  )
}

/** “Call ID” becomes “call ID”; what begins with a capital for more than its place keeps it. */
function lowerFirst(label: string): string {
  return /^\p{Lu}\p{Lu}/u.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1)
}

const PLAIN_NAME = /^[\p{L}\p{N}_.$-]+$/u

function attributeNoun(name: string): string {
  return PLAIN_NAME.test(name) ? name : `“${name}”`
}

/** `neq` and `isnull` are about all results, every other operator about some result. */
function resultClause(rule: FilterRule, { names, isOneResult }: Context): string {
  const target = findFieldTarget(rule.field)
  if (target?.kind !== 'result') return ''
  const { name, metricId } = target
  if (metricId !== null) return oneMetricClause(rule, { name, metricId, names })
  if (isOneResult) return ofResult(rule, { name, names })
  if (rule.op === 'neq') {
    return `with no metric result ${ofResult({ ...rule, op: 'eq' }, { name, names })}`
  }
  if (rule.op === 'isnull' && rule.value === true) {
    return `with no metric result ${ofResult({ ...rule, value: false }, { name, names })}`
  }
  return `with a metric result ${ofResult(rule, { name, names })}`
}

type ResultRule = { name: ResultFieldName; names: FilterNames }

function oneMetricClause(
  rule: FilterRule,
  { name, metricId, names }: ResultRule & { metricId: number },
): string {
  const metricName = names.metricName?.(metricId)
  const metric = metricName === undefined ? `metric ${metricId}` : `“${metricName}”`
  const verdict = verdictWord(rule, name)
  if (verdict !== null) return `whose result of ${metric} ${verdict}`
  return `whose ${RESULT_NOUN[name]} of ${metric} ${predicate(rule, names)}`
}

/** As it follows “a metric result”: “that failed”, “whose score is over 3”. */
function ofResult(rule: FilterRule, { name, names }: ResultRule): string {
  const verdict = verdictWord(rule, name)
  if (verdict !== null) return `that ${verdict}`
  return `whose ${RESULT_NOUN[name]} ${predicate(rule, names)}`
}

function verdictWord({ op, value }: FilterRule, name: ResultFieldName): string | null {
  if (name !== 'passed' || op !== 'eq' || typeof value !== 'boolean') return null
  return value ? 'passed' : 'failed'
}

const RESULT_NOUN: Record<ResultFieldName, string> = {
  value: 'value',
  score: 'score',
  passed: '“passed”',
  explanation: 'explanation',
  confidence: 'confidence',
  'metric.id': 'metric number',
  'metric.name': 'metric name',
}
