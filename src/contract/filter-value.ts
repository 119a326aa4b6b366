import { FILTER_LIMITS, type FilterField, type FilterOp, type FilterScalar } from './filter.ts'
import { parseTime } from './filter-time.ts'
import { LARGEST_PATTERN, patternSize } from './pattern-size.ts'
import { parseClock } from './wire/duration.ts'

/** What a value is for: its field and operator decide its type. */
export type ValueTarget = {
  field: FilterField
  op: FilterOp
  isPattern?: ((text: string) => boolean) | undefined
}

/** `expected` says what would have been right: “expected a number”. */
export type ParsedValue = { ok: true; value: FilterScalar } | { ok: false; expected: string }

/** A mistake in a list: of one element, or of the list as a whole (`index` null). */
export type ListIssue = { index: number | null; expected: string; got: unknown }

export type ParsedList =
  | { ok: true; value: readonly FilterScalar[] }
  | { ok: false; issues: readonly ListIssue[] }

const LONGEST_PATTERN = 200

/** The value of every operator but `in`, as its field wants it: `"60"` is 60 where seconds are. */
export function parseOneValue(input: unknown, target: ValueTarget): ParsedValue {
  const parsed = READERS[target.op](input, target)
  if (!parsed.ok || typeof parsed.value !== 'string') return parsed
  const fault = textFault(parsed.value)
  return fault === null ? parsed : refused(fault)
}

/** The value of `in`: a list, or text with commas between the elements. */
export function parseListValue(input: unknown, target: ValueTarget): ParsedList {
  const list = typeof input === 'string' ? splitList(input) : input
  if (!Array.isArray(list)) return refusedList('expected a list or text with commas', input)
  if (list.length > FILTER_LIMITS.listLength) {
    return refusedList(`expected at most ${FILTER_LIMITS.listLength} values`, list)
  }
  const values: FilterScalar[] = []
  const issues: ListIssue[] = []
  for (let index = 0; index < list.length; index++) {
    const parsed = parseOneValue(list[index], { ...target, op: 'eq' })
    if (parsed.ok) values.push(parsed.value)
    else issues.push({ index, expected: parsed.expected, got: list[index] })
  }
  return issues.length === 0 ? { ok: true, value: values } : { ok: false, issues }
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function refusedList(expected: string, got: unknown): ParsedList {
  return { ok: false, issues: [{ index: null, expected, got }] }
}

type Reader = (input: unknown, target: ValueTarget) => ParsedValue

const READERS: Record<FilterOp, Reader> = {
  eq: equalValue,
  neq: equalValue,
  in: equalValue,
  gt: orderedValue,
  gte: orderedValue,
  lt: orderedValue,
  lte: orderedValue,
  contains: textValue,
  startswith: textValue,
  endswith: textValue,
  regex: patternValue,
  isnull: booleanValue,
}

function equalValue(input: unknown, target: ValueTarget): ParsedValue {
  if (input === null) return accepted(null)
  switch (target.field.kind) {
    case 'text':
    case 'words':
      return textValue(input, target)
    case 'number':
      return numberValue(input, target)
    case 'boolean':
      return booleanValue(input, target)
    case 'time':
      return timeValue(input)
    case 'choice':
      return choiceValue(input, target)
    case 'any':
      return anyValue(input)
    default:
      return target.field.kind satisfies never
  }
}

/** What has an order: numbers, times, and in metadata also text. */
function orderedValue(input: unknown, target: ValueTarget): ParsedValue {
  const { kind } = target.field
  if (kind === 'time') return timeValue(input)
  if (kind === 'number') return numberValue(input, target)
  if (typeof input === 'string') return accepted(input)
  return isFiniteNumber(input) ? accepted(plain(input)) : refused('expected a number or text')
}

/** A number stands for its text: nobody writes quotes around an id that has digits alone. */
function textValue(input: unknown, _: ValueTarget): ParsedValue {
  if (typeof input === 'string') return accepted(input)
  return isFiniteNumber(input) ? accepted(String(input)) : refused('expected text')
}

function patternValue(input: unknown, target: ValueTarget): ParsedValue {
  const text = textValue(input, target)
  if (!text.ok || typeof text.value !== 'string') return text
  if (text.value.length > LONGEST_PATTERN) {
    return refused(`expected a pattern of at most ${LONGEST_PATTERN} characters`)
  }
  if (patternSize(text.value) > LARGEST_PATTERN) {
    return refused(
      `expected repetitions and Unicode classes that make at most ${LARGEST_PATTERN} steps in all`,
    )
  }
  if (target.isPattern?.(text.value) === false) {
    return refused('expected a pattern in RE2 syntax (no look-around, no back-references)')
  }
  return text
}

function booleanValue(input: unknown, _: ValueTarget): ParsedValue {
  if (typeof input === 'boolean') return accepted(input)
  const word = typeof input === 'string' ? input.trim().toLowerCase() : ''
  if (word === 'true' || word === 'false') return accepted(word === 'true')
  return refused('expected true or false')
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

const NUMBER_NAME = {
  seconds: 'a number of seconds',
  share: 'a share from 0 to 1',
  'words-per-minute': 'a number of words per minute',
  count: 'a number',
  confidence: 'a number from 0 to 100',
  id: 'a number',
} as const

function numberValue(input: unknown, { field }: ValueTarget): ParsedValue {
  if (isFiniteNumber(input)) return accepted(plain(input))
  const number = typeof input === 'string' ? numberIn(input.trim(), field) : null
  if (number !== null && Number.isFinite(number)) return accepted(plain(number))
  return refused(`expected ${NUMBER_NAME[field.unit ?? 'count']}`)
}

function numberIn(text: string, { unit }: FilterField): number | null {
  if (NUMBER.test(text)) return Number(text)
  return unit === 'seconds' ? parseClock(text) : null
}

function isFiniteNumber(input: unknown): input is number {
  return typeof input === 'number' && Number.isFinite(input)
}

/** JSON has no -0. */
function plain(number: number): number {
  return number === 0 ? 0 : number
}

function timeValue(input: unknown): ParsedValue {
  const text = typeof input === 'string' ? input.trim() : ''
  if (parseTime(text) !== null) return accepted(text)
  return refused('expected a time such as 2026-03-31, 2026-03-31T12:00Z, today or now-7d')
}

function choiceValue(input: unknown, { field }: ValueTarget): ParsedValue {
  const values = (field.choices ?? []).map(({ value }) => value)
  const value = values.find((one) => one === input)
  return value === undefined ? refused(`expected one of ${values.join(', ')}`) : accepted(value)
}

function anyValue(input: unknown): ParsedValue {
  if (typeof input === 'string' || typeof input === 'boolean') return accepted(input)
  if (isFiniteNumber(input)) return accepted(plain(input))
  return refused('expected text, a number, true, false or null')
}

function textFault(text: string): string | null {
  if (text.length > FILTER_LIMITS.textLength) {
    return `expected at most ${FILTER_LIMITS.textLength} characters`
  }
  // PostgreSQL stores no NUL, and half a surrogate pair reaches no database unchanged.
  if (text.includes('\0') || !text.isWellFormed()) {
    return 'expected text without NUL and half characters'
  }
  return null
}

function accepted(value: FilterScalar): ParsedValue {
  return { ok: true, value }
}

function refused(expected: string): ParsedValue {
  return { ok: false, expected }
}
