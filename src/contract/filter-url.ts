import {
  FILTER_LIMITS,
  FILTER_OPS,
  type FilterGroup,
  type FilterNode,
  type FilterOp,
  type FilterRule,
  type FilterScalar,
  findField,
  findFieldTarget,
  GROUP_OPERATORS,
  isGroup,
} from './filter.ts'
import {
  type FilterIssue,
  failed,
  type ParsedFilter,
  type ParseOptions,
  parseFilter,
  parseFilterJson,
  TOO_LONG,
} from './filter-parse.ts'

/**
 * A filter as a text for an address, that a person can read and edit:
 *
 *     duration.gte.60,or(topic.contains.refund,metadata.plan.in.(gold,silver)),~success.eq.false
 *
 * A rule is `field.op.value`, a group `operator(…)`, and `~` marks what is disabled. The root's `and(…)` is left out, and
 * where the filter is one group, that group is the root. Numbers, `true`, `false` and `null` are themselves; in double
 * quotes they are text. Quotes are also for text with `( ) , "`, with blanks at its ends or with nothing in it, and for
 * fields that have an operator's name in their path; inside them `\"` and `\\` stand for `"` and `\`.
 */

/** `filter` as such a text; empty if it has no nodes. `readFilter` gives the same tree back. */
export function spellFilter(filter: FilterGroup): string {
  if (filter.conditions.length === 0) return ''
  return isBareRoot(filter) ? spellAll(filter.conditions) : spellNode(filter)
}

/** `and(…)` is left out unless it would make its only group the root. */
function isBareRoot({ operator, disabled, conditions }: FilterGroup): boolean {
  if (operator !== 'and' || disabled) return false
  const [first, second] = conditions
  return second !== undefined || (first !== undefined && !isGroup(first))
}

function spellAll(nodes: readonly FilterNode[]): string {
  return nodes.map(spellNode).join(',')
}

function spellNode(node: FilterNode): string {
  const mark = node.disabled ? DISABLED_MARK : ''
  if (isGroup(node)) return `${mark}${node.operator}(${spellAll(node.conditions)})`
  return `${mark}${spellField(node.field)}.${node.op}.${spellValue(node)}`
}

const DISABLED_MARK = '~'
const SPECIAL = /[(),"]/

function spellField(field: string): string {
  const isPlain = !SPECIAL.test(field) && field === field.trim() && !field.startsWith(DISABLED_MARK)
  return isPlain && !field.split('.').some(isOp) ? field : quoted(field)
}

function spellValue({ field, value }: FilterRule): string {
  const isText = findField(field)?.kind !== 'any'
  if (Array.isArray(value)) return `(${value.map((one) => spellScalar(one, { isText })).join(',')})`
  return spellScalar(value as FilterScalar, { isText })
}

/** `isText`: the field takes a bare number for the text it is, so that ids need no quotes. */
function spellScalar(value: FilterScalar, { isText }: { isText: boolean }): string {
  if (typeof value !== 'string') return String(value)
  if (value === '' || value !== value.trim() || SPECIAL.test(value)) return quoted(value)
  const bare = bareValue(value)
  return bare === value || (isText && typeof bare === 'number') ? value : quoted(value)
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`
}

/** What a text without quotes stands for. A number only as JavaScript writes it: `007` and `1.0` stay text. */
function bareValue(text: string): FilterScalar {
  if (text === 'null') return null
  if (text === 'true' || text === 'false') return text === 'true'
  const number = Number(text)
  return Number.isFinite(number) && String(number) === text ? number : text
}

function isOp(text: string): text is FilterOp {
  return FILTER_OPS.some((op) => op === text)
}

/** A spelled filter for the query of an address, encoded no further than needed so that it stays readable. */
export function filterForAddress(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll('%2C', ',')
    .replaceAll('%3A', ':')
    .replaceAll('%20', '+')
    .replaceAll("'", '%27')
}

/**
 * The filter that `text` spells, normalised by `parseFilter` like every other; JSON is understood too, and blank text is
 * every call. Issues say by `offset` where in the text they are. Never throws.
 */
export function readFilter(text: string, options: ParseOptions = {}): ParsedFilter {
  if (text.trimStart().startsWith('{')) return parseFilterJson(text, options)
  if (text.length > FILTER_LIMITS.totalLength) return failed({ message: TOO_LONG })
  const reading: Reading = { text, at: 0, spans: new Map() }
  try {
    const root = readRoot(reading)
    const parsed = parseFilter(root, options)
    return parsed.ok ? parsed : { ok: false, issues: parsed.issues.map(placed(root, reading)) }
  } catch (error) {
    if (!(error instanceof SpellingError)) throw error
    return failed({ message: error.message, offset: error.offset })
  }
}

/** Ends the reading: after a fault in the spelling nothing behind it can be told apart. Never leaves this file. */
class SpellingError extends Error {
  readonly offset: number

  constructor(offset: number, expected: string) {
    super(`character ${offset + 1}: expected ${expected}`)
    this.offset = offset
  }
}

/** As read, before any meaning is checked. */
type RawNode =
  | { field: string; op: string; value: unknown }
  | { operator: string; conditions: RawNode[] }

/** Where the parts of a node begin. `elements` are those of a list. */
type Span = { start: number; field?: number; op?: number; value?: number; elements?: number[] }

type Reading = { text: string; at: number; spans: Map<RawNode, Span> }

function readRoot(reading: Reading): RawNode {
  skipBlanks(reading)
  if (reading.at === reading.text.length) return { operator: 'and', conditions: [] }
  const nodes = readNodes(reading, 1)
  if (reading.at < reading.text.length) throw unexpected(reading, '“,” or the end')
  const [only, second] = nodes
  if (only !== undefined && second === undefined && 'operator' in only) return only
  return { operator: 'and', conditions: nodes }
}

function readNodes(reading: Reading, depth: number): RawNode[] {
  const nodes = [readNode(reading, depth)]
  while (take(reading, ',')) nodes.push(readNode(reading, depth))
  return nodes
}

function readNode(reading: Reading, depth: number): RawNode {
  skipBlanks(reading)
  const start = reading.at
  const disabled = take(reading, DISABLED_MARK) ? { disabled: true } : {}
  const operator = peekOperator(reading)
  const { node, span } =
    operator === null ? readRule(reading) : readGroup(reading, { operator, depth })
  const marked = { ...node, ...disabled }
  reading.spans.set(marked, { ...span, start })
  skipBlanks(reading)
  return marked
}

type Part = { node: RawNode; span: Omit<Span, 'start'> }

const GROUP_START = new RegExp(`(${GROUP_OPERATORS.join('|')})\\(`, 'y')

function peekOperator({ text, at }: Reading): string | null {
  GROUP_START.lastIndex = at
  return GROUP_START.exec(text)?.[1] ?? null
}

function readGroup(
  reading: Reading,
  { operator, depth }: { operator: string; depth: number },
): Part {
  if (depth > FILTER_LIMITS.depth) {
    throw new SpellingError(reading.at, `groups in at most ${FILTER_LIMITS.depth} levels`)
  }
  reading.at += operator.length + 1
  skipBlanks(reading)
  if (take(reading, ')')) return { node: { operator, conditions: [] }, span: {} }
  const conditions = readNodes(reading, depth + 1)
  if (!take(reading, ')')) throw unexpected(reading, '“,” or “)”')
  return { node: { operator, conditions }, span: {} }
}

function readRule(reading: Reading): Part {
  const start = reading.at
  const field = reading.text[start] === '"' ? readQuoted(reading) : null
  const afterField = reading.at
  const run = takeRun(reading)
  const split = field === null ? splitRun(run) : splitAfterField(run, field)
  if (split === null) throw new SpellingError(afterField, ruleShape(field))
  const op = afterField + (field === null ? split.field.length : 0) + 1
  const value = op + split.op.length + 1
  const { operand, elements } = readOperand(reading, { rest: split.rest, at: value })
  return {
    node: { field: split.field, op: split.op, value: operand },
    span: { field: start, op, value, ...(elements === undefined ? {} : { elements }) },
  }
}

function ruleShape(field: string | null): string {
  const ops = FILTER_OPS.join(', ')
  if (field !== null) return `an operator and a value after the field, as in .eq.1 (${ops})`
  return `a rule as in duration.gte.60 or a group as in or(…); operators are ${ops}`
}

type Split = { field: string; op: string; rest: string }

/** The parts of `field.op.value`, where field and value may have dots and operators' names in them. */
function splitRun(run: string): Split | null {
  const splits = [...splitsOf(run)]
  const known = splits.filter(({ field }) => findFieldTarget(field) !== null)
  return (
    known.find(({ op }) => isOp(op)) ?? splits.find(({ op }) => isOp(op)) ?? known.at(-1) ?? null
  )
}

/** No field has a longer name: what is behind needs no looking at. */
const LONGEST_FIELD = 400

/** Every way to cut a run at two dots that have no dot between them. */
function* splitsOf(run: string): Generator<Split, void, undefined> {
  for (let dot = run.indexOf('.'); dot !== -1 && dot <= LONGEST_FIELD; ) {
    const next = run.indexOf('.', dot + 1)
    if (next === -1) return
    yield { field: run.slice(0, dot), op: run.slice(dot + 1, next), rest: run.slice(next + 1) }
    dot = next
  }
}

/** As `splitRun`, where the field stood in quotes and `run` is what follows it. */
function splitAfterField(run: string, field: string): Split | null {
  const match = /^\.([^.]*)\.(.*)$/s.exec(run)
  return match === null ? null : { field, op: match[1] ?? '', rest: match[2] ?? '' }
}

type Operand = { operand: unknown; elements?: number[] }

function readOperand(reading: Reading, { rest, at }: { rest: string; at: number }): Operand {
  const character = reading.text[reading.at]
  if (rest === '' && character === '(') return readList(reading)
  if (rest === '' && character === '"') return { operand: readQuoted(reading) }
  if (character === '(' || character === '"') {
    throw new SpellingError(reading.at, 'text with ( ) , or " to stand in double quotes')
  }
  if (rest.trim() === '') throw new SpellingError(at, 'a value; empty text is ""')
  return { operand: bareValue(rest.trim()) }
}

function readList(reading: Reading): Operand {
  reading.at++
  const [operand, elements]: [unknown[], number[]] = [[], []]
  skipBlanks(reading)
  if (take(reading, ')')) return { operand, elements }
  do {
    skipBlanks(reading)
    elements.push(reading.at)
    operand.push(readElement(reading))
    skipBlanks(reading)
  } while (take(reading, ','))
  if (!take(reading, ')')) throw unexpected(reading, '“,” or “)”')
  return { operand, elements }
}

function readElement(reading: Reading): FilterScalar {
  if (reading.text[reading.at] === '"') return readQuoted(reading)
  const run = takeRun(reading).trim()
  if (run === '') throw unexpected(reading, 'a value; empty text is ""')
  return bareValue(run)
}

const QUOTED = /"((?:[^"\\]|\\["\\])*)"/y

/** The text in the quotes that begin here. */
function readQuoted(reading: Reading): string {
  QUOTED.lastIndex = reading.at
  const match = QUOTED.exec(reading.text)
  if (match === null) {
    throw new SpellingError(
      reading.at,
      'text up to a closing ", with \\" for " and \\\\ for \\ in it',
    )
  }
  reading.at += match[0].length
  return (match[1] ?? '').replaceAll(/\\(.)/g, '$1')
}

const RUN = /[^(),"]*/y

/** Everything up to the next character with a meaning of its own. */
function takeRun(reading: Reading): string {
  RUN.lastIndex = reading.at
  const run = RUN.exec(reading.text)?.[0] ?? ''
  reading.at += run.length
  return run
}

function take(reading: Reading, character: string): boolean {
  if (reading.text[reading.at] !== character) return false
  reading.at++
  return true
}

function skipBlanks(reading: Reading): void {
  while (/^\s/.test(reading.text[reading.at] ?? '')) reading.at++
}

function unexpected({ text, at }: Reading, expected: string): SpellingError {
  const got = at < text.length ? `“${String.fromCodePoint(text.codePointAt(at) ?? 0)}”` : 'the end'
  return new SpellingError(at, `${expected}, got ${got.toWellFormed()}`)
}

/** Adds to an issue where in the text it is. */
function placed(root: RawNode, { spans }: Reading): (issue: FilterIssue) => FilterIssue {
  return (issue) => {
    const node = issue.nodePath.reduce<RawNode | undefined>(
      (one, index) => (one !== undefined && 'operator' in one ? one.conditions[index] : undefined),
      root,
    )
    const span = node === undefined ? undefined : spans.get(node)
    return { ...issue, offset: span === undefined ? 0 : offsetOf(issue.path, span) }
  }
}

function offsetOf(path: string, span: Span): number {
  const [, key, index] = /\.?(field|op|value)(?:\[(\d+)\])?$/.exec(path) ?? []
  if (key === 'value' && index !== undefined) return span.elements?.[Number(index)] ?? span.start
  return (key === 'field' || key === 'op' || key === 'value' ? span[key] : undefined) ?? span.start
}
