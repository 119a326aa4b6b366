import fc from 'fast-check'
import {
  CALL_FIELDS,
  EVERY_CALL,
  type FilterField,
  type FilterGroup,
  type FilterNode,
  type FilterOp,
  type FilterRule,
  type FilterScalar,
  findField,
  GROUP_OPERATORS,
  opsOf,
  RESULT_FIELDS,
  RESULT_METRIC_FIELDS,
} from '#contract/filter.ts'
import { parseOneValue } from '#contract/filter-value.ts'

/** What random filters are made of. Without pools: every family of fields, and strings that break careless readers. */
export type FilterPools = {
  /** Names of the fields to ask about. */
  fields?: readonly string[]
  /** Values to compare a field with; those that an operator does not take are left out for it. */
  valuesOf?: (field: FilterField) => readonly FilterScalar[]
  /** For `regex`; none by default where `valuesOf` is given. */
  patterns?: readonly string[]
  /** Levels of groups, the root included; 4 by default. */
  levels?: number
  /** Conditions per group: none to 3 by default. */
  conditions?: { min: number; max: number }
}

/** Normalised filters: what `parseFilter` gives back unchanged. */
export function anyFilter(pools: FilterPools = {}): fc.Arbitrary<FilterGroup> {
  return anyGroup(pools, pools.levels ?? 4).map((group) =>
    group.conditions.length === 0 ? EVERY_CALL : group,
  )
}

/** One normalised rule, disabled now and then. */
export function anyRule(pools: FilterPools = {}): fc.Arbitrary<FilterRule> {
  return anyField(pools)
    .chain((field) =>
      fc
        .constantFrom(...usableOps(field, pools))
        .chain((op) => anyValue({ field, op, pools }).map((value) => ({ field, op, value }))),
    )
    .chain(({ field, op, value }) => withMark({ field: field.name, op, value }))
}

function anyGroup(pools: FilterPools, levels: number): fc.Arbitrary<FilterGroup> {
  const { min, max } = pools.conditions ?? { min: 0, max: 3 }
  const rule: fc.Arbitrary<FilterNode> = anyRule(pools)
  const node =
    levels === 1
      ? rule
      : fc.oneof(
          { weight: 2, arbitrary: rule },
          { weight: 1, arbitrary: anyGroup(pools, levels - 1) },
        )
  return fc
    .record({
      operator: fc.constantFrom(...GROUP_OPERATORS),
      conditions: fc.array(node, { minLength: min, maxLength: max, size: 'max' }),
    })
    .chain(withMark)
}

function withMark<T extends FilterNode>(node: T): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant(node) },
    { weight: 1, arbitrary: fc.constant({ ...node, disabled: true as const }) },
  )
}

function anyField({ fields }: FilterPools): fc.Arbitrary<FilterField> {
  const name = fields === undefined ? anyFieldName() : fc.constantFrom(...fields)
  return name.map((one) => {
    const field = findField(one)
    if (field === null) throw new Error(`No such field: ${one}`)
    return field
  })
}

function anyFieldName(): fc.Arbitrary<string> {
  const results = Object.keys(RESULT_FIELDS)
  return fc.oneof(
    fc.constantFrom(...Object.keys(CALL_FIELDS)),
    fc
      .constantFrom(...results, ...Object.keys(RESULT_METRIC_FIELDS))
      .map((one) => `metric_evaluations.${one}`),
    fc
      .tuple(fc.nat(), fc.constantFrom(...results))
      .map(([id, one]) => `metric_evaluations.${id}.${one}`),
    fc
      .tuple(fc.constantFrom('metadata', 'dynamic_variables'), anyPath())
      .map(([source, path]) => `${source}.${path}`),
  )
}

function anyPath(): fc.Arbitrary<string> {
  return fc
    .array(anyText(), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join('.'))
    .filter((path) => path !== '')
}

/** The fields' operators, without those that no value of the pool suits. */
function usableOps(field: FilterField, pools: FilterPools): readonly FilterOp[] {
  return opsOf(field).filter((op) => op === 'isnull' || pooled({ field, op, pools }) !== 'none')
}

type Target = { field: FilterField; op: FilterOp; pools: FilterPools }

function anyValue(target: Target): fc.Arbitrary<FilterRule['value']> {
  if (target.op === 'isnull') return fc.boolean()
  const one = anyScalar(target)
  return target.op === 'in' ? fc.array(one, { maxLength: 3 }) : one
}

function anyScalar(target: Target): fc.Arbitrary<FilterScalar> {
  const pool = pooled(target)
  if (pool === 'none') throw new Error(`No value for ${target.field.name} ${target.op}`)
  if (pool !== 'anything') return fc.constantFrom(...pool)
  const value = valueOfKind(target)
  return isEquality(target.op)
    ? fc.oneof({ weight: 9, arbitrary: value }, fc.constant(null))
    : value
}

/** The fitting values of the pool, as `parseFilter` writes them. */
function pooled({ field, op, pools }: Target): readonly FilterScalar[] | 'anything' | 'none' {
  const { patterns, valuesOf } = pools
  if (valuesOf === undefined && (op !== 'regex' || patterns === undefined)) return 'anything'
  const values = op === 'regex' ? (patterns ?? []) : (valuesOf?.(field) ?? [])
  const fitting = values
    .map((value) => parseOneValue(value, { field, op: op === 'in' ? 'eq' : op }))
    .flatMap((parsed) => (parsed.ok ? [parsed.value] : []))
  return fitting.length === 0 ? 'none' : fitting
}

const TEXT_OPS: readonly FilterOp[] = ['contains', 'startswith', 'endswith', 'regex']

function valueOfKind({ field, op }: Target): fc.Arbitrary<FilterScalar> {
  if (TEXT_OPS.includes(op)) return anyText()
  switch (field.kind) {
    case 'text':
    case 'words':
      return anyText()
    case 'number':
      return anyNumber()
    case 'boolean':
      return fc.boolean()
    case 'time':
      return anyTime()
    case 'choice':
      return fc.constantFrom(...(field.choices ?? []).map(({ value }) => value))
    case 'any':
      return isEquality(op)
        ? fc.oneof(anyText(), anyNumber(), fc.boolean())
        : fc.oneof(anyText(), anyNumber())
    default:
      return field.kind satisfies never
  }
}

function isEquality(op: FilterOp): boolean {
  return op === 'eq' || op === 'neq' || op === 'in'
}

function anyNumber(): fc.Arbitrary<number> {
  return fc
    .oneof(
      fc.integer(),
      fc.constantFrom(0.5, 1e21, 5e-7),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    )
    .map((number) => (number === 0 ? 0 : number))
}

const FIRST_MS = Date.UTC(2000, 0)
const LAST_MS = Date.UTC(2100, 0)

function anyTime(): fc.Arbitrary<string> {
  const iso = fc.integer({ min: FIRST_MS, max: LAST_MS }).map((ms) => new Date(ms).toISOString())
  const relative = fc
    .tuple(fc.constantFrom('now', 'today'), fc.nat(400), fc.constantFrom(...'smhdwMy'))
    .map(([base, amount, unit]) => `${base}-${amount}${unit}`)
  return fc.oneof(
    iso,
    iso.map((text) => text.slice(0, 'yyyy-mm-dd'.length)),
    iso.map((text) => text.replace('Z', '+05:30')),
    relative,
    fc.constantFrom('now', 'today'),
  )
}

/** What looks like a part of the language, or like another type, or gets lost on the way through an address. */
const NASTY_TEXTS = [
  ...[
    '60',
    '007',
    '1.0',
    '-0',
    '1e3',
    'Infinity',
    'true',
    'null',
    'NULL',
    '',
    ' ',
    ' x',
    'x\n',
    '\u00a0',
  ],
  ...[
    'a,b',
    '(a)',
    ')',
    '"',
    '""',
    '\\',
    '\\"',
    'a"b\\',
    '~x',
    '!',
    '{',
    '[1]',
    '.eq.',
    'eq',
    'in',
    '.',
    '..',
  ],
  ...[
    'or(',
    'and(x.eq.1)',
    'a+b',
    '100%',
    '%2C',
    '&filter=',
    '#',
    '?',
    '=',
    ';',
    "'",
    "it's",
    '/',
    ':',
    '\t',
  ],
  ...[
    '<b>',
    '“”',
    'Ünïcode',
    '日本語',
    '😀',
    'e\u0301',
    '\u202e',
    '\u2028',
    '\ufeff',
    'İ',
    'ſ',
    '__proto__',
  ],
]

function anyText(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(...NASTY_TEXTS),
    fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\0', '')),
    fc.constantFrom('refund', 'gold', 'order status', '2026-03-31'),
  )
}
