import {
  type AttributeSource,
  type CallFieldName,
  type FilterNode,
  type FilterRule,
  type FilterScalar,
  findField,
  findFieldTarget,
  isGroup,
  type ResultFieldName,
} from '#contract/filter.ts'
import { resolveTime } from '#contract/filter-time.ts'
import { foldCase } from '#contract/fold-case.ts'

type ListName = 'tag' | 'comment'

/** All that a filter can ask of a call, as a test knows it: never read back from the database. */
export type CallFacts = {
  /** Times in epoch milliseconds; `transcript` has a line for each time someone speaks, `tag` and `comment` are lists. Null: never set. */
  fields: Record<Exclude<CallFieldName, ListName>, FilterScalar> &
    Record<ListName, readonly string[]>
  attributes: readonly { source: AttributeSource; path: string; value: FilterScalar }[]
  results: readonly ResultFacts[]
}

export type ResultFacts = {
  metricId: number
  metricName: string
  score: number | null
  passed: boolean | null
  label: string | null
  explanation: string
  confidence: number | null
}

/**
 * For tests: `docs/filters.md` read out loud, one sentence after the other. Slow and obvious on purpose; whatever else
 * answers a filter must agree with it. `row` is the metric result that a `same_row` group is looking at.
 */
export function matchesReference(
  node: FilterNode,
  { facts, now, row }: { facts: CallFacts; now: number; row?: ResultFacts },
): boolean {
  const context = row === undefined ? { facts, now } : { facts, now, row }
  if (!asks(node)) return true
  if (!isGroup(node)) return ruleHolds(node, context)
  const asking = node.conditions.filter(asks)
  switch (node.operator) {
    case 'and':
      return asking.every((one) => matchesReference(one, context))
    case 'or':
      return asking.some((one) => matchesReference(one, context))
    case 'not':
      return !asking.some((one) => matchesReference(one, context))
    case 'same_row': {
      const isAboutResults = asking.some(mentionsResults)
      if (row !== undefined || !isAboutResults) {
        return asking.every((one) => matchesReference(one, context))
      }
      return facts.results.some((result) =>
        asking.every((one) => matchesReference(one, { facts, now, row: result })),
      )
    }
    default:
      return node.operator satisfies never
  }
}

function asks(node: FilterNode): boolean {
  if (node.disabled) return false
  return isGroup(node) ? node.conditions.some(asks) : true
}

function mentionsResults(node: FilterNode): boolean {
  if (isGroup(node)) return node.conditions.filter(asks).some(mentionsResults)
  return findFieldTarget(node.field)?.kind === 'result'
}

type Context = { facts: CallFacts; now: number; row?: ResultFacts }

function ruleHolds(rule: FilterRule, context: Context): boolean {
  const { op, value } = rule
  if (op === 'neq') return !ruleHolds({ ...rule, op: 'eq' }, context)
  if (op === 'in') {
    return (Array.isArray(value) ? value : [value]).some((one) =>
      ruleHolds({ ...rule, op: 'eq', value: one }, context),
    )
  }
  const actual = actualValues(rule, context)
  if (op === 'isnull') {
    const isEmpty = actual.every((one) => one === null || one === '')
    return isEmpty === (value === true)
  }
  const wanted = value as FilterScalar
  const field = findField(rule.field)
  if (field?.kind === 'words')
    return actual.some((text) => says(String(text ?? ''), String(wanted)))
  if (field?.kind === 'time') {
    return actual.some((time) => timeCompares(time, { op, wanted, now: context.now }))
  }
  const target = findFieldTarget(rule.field)
  const isLoose = target?.kind === 'attribute'
  return actual.some((one) => compares(one, { op, wanted, isLoose }))
}

function actualValues(rule: FilterRule, { facts, row }: Context): readonly FilterScalar[] {
  const target = findFieldTarget(rule.field)
  if (target === null) throw new Error(`No such field: ${rule.field}`)
  if (target.kind === 'call') {
    const { name } = target
    if (name === 'tag' || name === 'comment') return facts.fields[name]
    return [facts.fields[name]]
  }
  if (target.kind === 'attribute') {
    return facts.attributes
      .filter(({ source, path }) => source === target.source && path === target.path)
      .map(({ value }) => value)
  }
  const results = row === undefined ? facts.results : [row]
  return results
    .filter((result) => target.metricId === null || result.metricId === target.metricId)
    .flatMap((result) => resultValues(result, target.name))
}

function resultValues(result: ResultFacts, name: ResultFieldName): readonly FilterScalar[] {
  switch (name) {
    case 'metric.id':
      return [result.metricId]
    case 'metric.name':
      return [result.metricName]
    case 'score':
      return [result.score]
    case 'passed':
      return [result.passed]
    case 'explanation':
      return [result.explanation]
    case 'confidence':
      return [result.confidence]
    case 'value': {
      const known = [result.score, result.passed, result.label].filter((one) => one !== null)
      return known.length === 0 ? [null] : known
    }
    default:
      return name satisfies never
  }
}

type Comparison = { op: FilterRule['op']; wanted: FilterScalar; isLoose: boolean }

/** `isLoose`: metadata, where a number and its text are the same. */
function compares(actual: FilterScalar, { op, wanted, isLoose }: Comparison): boolean {
  if (actual === null) return op === 'eq' && wanted === null
  if (wanted === null) return false
  const shown = isLoose && typeof wanted !== 'number' ? String(actual) : actual
  const value = isLoose && typeof wanted === 'number' ? numberIn(actual) : shown
  const asked = isLoose && typeof wanted === 'boolean' ? String(wanted) : wanted
  if (value === null || typeof value !== typeof asked) return false
  switch (op) {
    case 'eq':
      return value === asked
    case 'gt':
      return order(value, asked) > 0
    case 'gte':
      return order(value, asked) >= 0
    case 'lt':
      return order(value, asked) < 0
    case 'lte':
      return order(value, asked) <= 0
    case 'contains':
      return foldCase(String(value)).includes(foldCase(String(asked)))
    case 'startswith':
      return foldCase(String(value)).startsWith(foldCase(String(asked)))
    case 'endswith':
      return foldCase(String(value)).endsWith(foldCase(String(asked)))
    case 'regex':
      return new RegExp(String(asked), 'u').test(String(value))
    default:
      throw new Error(`${op} compares nothing`)
  }
}

function numberIn(value: string | number | boolean): number | null {
  if (typeof value === 'number') return value
  return /^-?\d+(\.\d+)?$/.test(String(value)) ? Number(value) : null
}

/** Numbers by size, text by code point. */
function order(a: string | number | boolean, b: string | number | boolean): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const [left, right] = [[...String(a)], [...String(b)]]
  for (const [index, letter] of left.entries()) {
    const other = right[index]
    if (other === undefined) return 1
    const difference = (letter.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

function timeCompares(
  actual: FilterScalar,
  { op, wanted, now }: { op: FilterRule['op']; wanted: FilterScalar; now: number },
): boolean {
  if (actual === null || wanted === null) return op === 'eq' && actual === wanted
  const time = Number(actual)
  const start = resolveTime(String(wanted), { now, edge: 'start' })
  const end = resolveTime(String(wanted), { now, edge: 'end' })
  switch (op) {
    case 'eq':
      return time >= start && time <= end
    case 'gt':
      return time > start
    case 'gte':
      return time >= start
    case 'lt':
      return time < end
    case 'lte':
      return time <= end
    default:
      throw new Error(`${op} compares no times`)
  }
}

/** Words one after the other in one line, the last may go on. */
function says(transcript: string, phrase: string): boolean {
  return transcript.split('\n').some((line) => lineSays(line, phrase))
}

function lineSays(line: string, phrase: string): boolean {
  const [spoken, wanted] = [wordsOf(line), wordsOf(phrase)]
  if (wanted.length === 0) return false
  const last = wanted.length - 1
  return spoken.some((_, start) =>
    wanted.every((word, index) => {
      const other = spoken[start + index] ?? ''
      return index === last ? other.startsWith(word) : other === word
    }),
  )
}

function wordsOf(text: string): string[] {
  const plain = text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
  return plain.match(/[\p{L}\p{N}]+/gu) ?? []
}
