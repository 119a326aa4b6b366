import {
  EVERY_CALL,
  FILTER_LIMITS,
  FILTER_OPS,
  type FilterField,
  type FilterGroup,
  type FilterNode,
  type FilterOp,
  type FilterRule,
  findField,
  GROUP_OPERATORS,
  type NodePath,
  opsOf,
} from './filter.ts'
import { nearestNames, unknownFieldMessage } from './filter-suggestion.ts'
import { type ListIssue, parseListValue, parseOneValue } from './filter-value.ts'
import { findJsonFault } from './json-fault.ts'

/** One mistake. `path` says where in the input, as in `conditions[1].value`; empty for the input as a whole. */
export type FilterIssue = {
  path: string
  /** The node with the mistake, as far as the input has one. */
  nodePath: NodePath
  /** What was expected and what came. */
  message: string
  /** Where in a text, in UTF-16 units from its beginning; absent where the input was no text. */
  offset?: number
}

export type ParsedFilter = { ok: true; filter: FilterGroup } | { ok: false; issues: FilterIssue[] }

export type ParseOptions = {
  /** Whether a text is a pattern of RE2. Without it every text up to the longest allowed is taken for one. */
  isPattern?: (text: string) => boolean
}

/** One mistake has often followed from another; a person corrects few at a time. */
const MOST_ISSUES = 20

/**
 * A filter from any JSON value, with every mistake at once (at most 20). Never throws. The result is normalised: fields
 * by their own names, values of the type their field has, a lone rule in an `and`, an empty root as `EVERY_CALL`.
 * Parsing a result again gives the same. Source: docs/filters.md.
 */
export function parseFilter(input: unknown, options: ParseOptions = {}): ParsedFilter {
  const reading: Reading = { options, issues: [], nodes: 0, patterns: 0, isListGiven: false }
  const node = readNode(reading, { input, place: ROOT, depth: 1 })
  if (reading.issues.length > 0 || node === null) return { ok: false, issues: reading.issues }
  const filter = toRoot(node)
  if (JSON.stringify(filter).length <= FILTER_LIMITS.totalLength) return { ok: true, filter }
  addIssue(reading, { place: ROOT, message: TOO_LONG })
  return { ok: false, issues: reading.issues }
}

/** As `parseFilter`, from JSON text; blank text is every call. */
export function parseFilterJson(text: string, options: ParseOptions = {}): ParsedFilter {
  if (text.trim() === '') return { ok: true, filter: EVERY_CALL }
  if (text.length > FILTER_LIMITS.totalLength) return failed({ message: TOO_LONG })
  const fault = findJsonFault(text)
  if (fault === null) return parseFilter(JSON.parse(text), options)
  const { line, column, offset, message } = fault
  return failed({ message: `line ${line}, column ${column}: ${message}`, offset })
}

/** `conditions[1].value: expected …`, as an answer of the API and a line of the editor say it. */
export function issueText({ path, message }: FilterIssue): string {
  return path === '' ? message : `${path}: ${message}`
}

export const TOO_LONG = `expected at most ${FILTER_LIMITS.totalLength} characters in all`

/** A result with one mistake in the input as a whole. */
export function failed(issue: { message: string; offset?: number }): ParsedFilter {
  return { ok: false, issues: [{ path: '', nodePath: [], ...issue }] }
}

function toRoot(node: FilterNode): FilterGroup {
  if (!('operator' in node)) return { operator: 'and', conditions: [node] }
  return node.conditions.length === 0 ? EVERY_CALL : node
}

/** What one reading of a tree gathers. */
type Reading = {
  options: ParseOptions
  issues: FilterIssue[]
  nodes: number
  /** Rules with the operator `regex`. */
  patterns: number
  /** All fields are named once: they would fill the answer. */
  isListGiven: boolean
}

type Place = { path: string; nodePath: NodePath }
type Input = { input: unknown; place: Place; depth: number }
type Keyed = { object: object; place: Place; depth: number }

const ROOT: Place = { path: '', nodePath: [] }
const NODE_SHAPE = 'expected a rule {"field", "op", "value"} or a group {"operator", "conditions"}'

function isFull({ issues }: Reading): boolean {
  return issues.length >= MOST_ISSUES
}

function addIssue(reading: Reading, { place, message }: { place: Place; message: string }): null {
  if (!isFull(reading)) reading.issues.push({ ...place, message })
  return null
}

function keyOf(place: Place, key: string): Place {
  return { ...place, path: place.path === '' ? key : `${place.path}.${key}` }
}

function readNode(reading: Reading, { input, place, depth }: Input): FilterNode | null {
  reading.nodes++
  if (reading.nodes > FILTER_LIMITS.nodes) return null
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return addIssue(reading, { place, message: `${NODE_SHAPE}, got ${shown(input)}` })
  }
  const [isRule, isGroup] = [RULE_MARKS, GROUP_MARKS].map((marks) =>
    marks.some((key) => Object.hasOwn(input, key)),
  )
  if (isRule && isGroup) {
    return addIssue(reading, {
      place,
      message: `${NODE_SHAPE}, got one with both; a rule compares with “op”`,
    })
  }
  if (isGroup) return readGroup(reading, { object: input, place, depth })
  if (isRule) return readRule(reading, { object: input, place, depth })
  if (Object.keys(input).length === 0) return { operator: 'and', conditions: [] }
  return addIssue(reading, { place, message: `${NODE_SHAPE}, got ${shownKeys(input)}` })
}

const RULE_MARKS = ['field', 'op', 'value'] as const
const GROUP_MARKS = ['operator', 'conditions'] as const
const RULE_KEYS = [...RULE_MARKS, 'disabled']
const GROUP_KEYS = [...GROUP_MARKS, 'disabled']

function readGroup(reading: Reading, { object, place, depth }: Keyed): FilterGroup | null {
  refuseUnknownKeys(reading, { object, place, keys: GROUP_KEYS })
  const operator = readWord(reading, {
    input: property(object, 'operator'),
    place: keyOf(place, 'operator'),
    words: GROUP_OPERATORS,
  })
  const disabled = readDisabled(reading, { object, place })
  const conditions = readConditions(reading, { object, place, depth })
  if (operator === null || conditions === null) return null
  return { operator, conditions, ...disabled }
}

function readConditions(reading: Reading, { object, place, depth }: Keyed): FilterNode[] | null {
  const input = property(object, 'conditions')
  const list = keyOf(place, 'conditions')
  if (!Array.isArray(input)) {
    return addIssue(reading, { place: list, message: `expected a list, got ${shown(input)}` })
  }
  if (depth > FILTER_LIMITS.depth) {
    const message = `expected groups in at most ${FILTER_LIMITS.depth} levels`
    return addIssue(reading, { place, message })
  }
  const conditions: FilterNode[] = []
  for (let index = 0; index < input.length && !isFull(reading); index++) {
    const child = {
      path: `${list.path}[${index}]`,
      nodePath: [...place.nodePath, index],
    }
    if (reading.nodes === FILTER_LIMITS.nodes) {
      const message = `expected at most ${FILTER_LIMITS.nodes} rules and groups in all`
      reading.nodes++
      addIssue(reading, { place: child, message })
    }
    if (reading.nodes > FILTER_LIMITS.nodes) break
    const node = readNode(reading, { input: input[index], place: child, depth: depth + 1 })
    if (node !== null) conditions.push(node)
  }
  return conditions
}

function readRule(reading: Reading, { object, place }: Keyed): FilterRule | null {
  refuseUnknownKeys(reading, { object, place, keys: RULE_KEYS })
  const disabled = readDisabled(reading, { object, place })
  const field = readField(reading, { input: property(object, 'field'), place })
  const op = readWord(reading, {
    input: property(object, 'op'),
    place: keyOf(place, 'op'),
    words: field === null ? FILTER_OPS : opsOf(field),
    of: field === null ? '' : ` for “${field.name}”`,
  })
  if (!Object.hasOwn(object, 'value')) {
    return addIssue(reading, {
      place: keyOf(place, 'value'),
      message: 'expected a value, got none',
    })
  }
  if (field === null || op === null) return null
  if (op === 'regex' && !hasRoomForPattern(reading, place)) return null
  const value = readValue(reading, { input: property(object, 'value'), field, op, place })
  return value === undefined ? null : { field: field.name, op, value, ...disabled }
}

/** Says once that there are too many; those that follow are not looked at. */
function hasRoomForPattern(reading: Reading, place: Place): boolean {
  reading.patterns++
  if (reading.patterns === FILTER_LIMITS.patterns + 1) {
    const message = `expected at most ${FILTER_LIMITS.patterns} rules with “regex” in all`
    addIssue(reading, { place: keyOf(place, 'op'), message })
  }
  return reading.patterns <= FILTER_LIMITS.patterns
}

function readField(
  reading: Reading,
  { input, place: node }: { input: unknown; place: Place },
): FilterField | null {
  const place = keyOf(node, 'field')
  if (typeof input !== 'string') {
    const message = `expected the name of a field, got ${shown(input)}`
    return addIssue(reading, { place, message })
  }
  if (input.includes('\0') || !input.isWellFormed()) {
    return addIssue(reading, { place, message: 'expected text without NUL and half characters' })
  }
  const field = findField(input)
  if (field !== null) return field
  const message = unknownFieldMessage(input, {
    shown: shown(input),
    withList: !reading.isListGiven,
  })
  reading.isListGiven = true
  return addIssue(reading, { place, message })
}

function readValue(
  reading: Reading,
  rule: { input: unknown; field: FilterField; op: FilterOp; place: Place },
): FilterRule['value'] | undefined {
  const { input, field, op } = rule
  const place = keyOf(rule.place, 'value')
  const target = { field, op, isPattern: reading.options.isPattern }
  if (op !== 'in') {
    const value = parseOneValue(input, target)
    if (value.ok) return value.value
    addIssue(reading, { place, message: `${value.expected}, got ${shown(input)}` })
    return undefined
  }
  const list = parseListValue(input, target)
  if (list.ok) return list.value
  for (const issue of list.issues) addListIssue(reading, { place, issue })
  return undefined
}

function addListIssue(reading: Reading, { place, issue }: { place: Place; issue: ListIssue }) {
  const { index, expected, got } = issue
  const path = index === null ? place.path : `${place.path}[${index}]`
  addIssue(reading, { place: { ...place, path }, message: `${expected}, got ${shown(got)}` })
}

function readDisabled(
  reading: Reading,
  { object, place }: { object: object; place: Place },
): { disabled?: true } {
  if (!Object.hasOwn(object, 'disabled')) return {}
  const input = property(object, 'disabled')
  if (input === true) return { disabled: true }
  if (input === false) return {}
  const message = `expected true or false, got ${shown(input)}`
  addIssue(reading, { place: keyOf(place, 'disabled'), message })
  return {}
}

function readWord<T extends string>(
  reading: Reading,
  {
    input,
    place,
    words,
    of = '',
  }: { input: unknown; place: Place; words: readonly T[]; of?: string },
): T | null {
  const word = words.find((one) => one === input)
  if (word !== undefined) return word
  const message = `expected one of ${words.join(', ')}${of}, got ${shown(input)}`
  return addIssue(reading, { place, message })
}

function refuseUnknownKeys(
  reading: Reading,
  { object, place, keys }: { object: object; place: Place; keys: readonly string[] },
) {
  for (const key of Object.keys(object)) {
    if (isFull(reading)) return
    if (keys.includes(key)) continue
    const [nearest] = nearestNames(key, keys)
    const hint = nearest === undefined ? '' : `; did you mean “${nearest}”?`
    const message = `unknown key ${shown(key)}; expected ${keys.join(', ')}${hint}`
    addIssue(reading, { place, message })
  }
}

/** Own properties alone: what an object inherits was not sent. */
function property(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? Reflect.get(object, key) : undefined
}

const LONGEST_SHOWN = 40

/** A value as an error names it: short, on one line, whatever it is. */
function shown(value: unknown): string {
  if (typeof value === 'string') {
    const text = value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value
    return JSON.stringify(text.toWellFormed())
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function shownKeys(object: object): string {
  return `an object with ${Object.keys(object).slice(0, 5).map(shown).join(', ')}`
}
